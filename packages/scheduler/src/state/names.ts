/** Numbers for names, given in the order in which they are first seen; a name counts below its parent only. */
export class Names {
  readonly list: string[] = [];
  readonly parents: number[] = [];
  readonly #index = new Map<string, number>();

  /** The number of a name below a parent (0 for names without one). */
  of(name: string, parent = 0): number {
    const key = `${parent}\u0000${name}`;
    let index = this.#index.get(key);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(name);
      this.parents.push(parent);
      this.#index.set(key, index);
    }
    return index;
  }

  /** The number of a name below a parent, or -1. */
  find(name: string, parent = 0): number {
    return this.#index.get(`${parent}\u0000${name}`) ?? -1;
  }
}

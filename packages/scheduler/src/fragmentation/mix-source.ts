import type { TaskShape } from './node-room';
import { type TaskMix, typicalMix } from './task-mix';

/** The mix of tasks to go by. */
export interface MixSource {
  /** Told of each task before it is placed: the mix from now on when it changes, otherwise null. */
  next(task: TaskShape): TaskMix | null;
}

/** A mix that is known from the start. */
export class KnownMix implements MixSource {
  #told: TaskMix | null;

  constructor(mix: TaskMix) {
    this.#told = mix;
  }

  next(): TaskMix | null {
    const mix = this.#told;
    this.#told = null;
    return mix;
  }
}

/** Tasks after which a mix is learned for the first time. */
const FIRST_LESSON = 16;

/** The mix of the tasks seen so far, learned anew whenever their number has doubled. */
export class LearnedMix implements MixSource {
  readonly #seen: TaskShape[] = [];
  #nextLesson = FIRST_LESSON;

  next(task: TaskShape): TaskMix | null {
    this.#seen.push(task);
    if (this.#seen.length < this.#nextLesson) return null;
    this.#nextLesson *= 2;
    return typicalMix(this.#seen);
  }
}

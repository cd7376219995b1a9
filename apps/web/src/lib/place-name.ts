/** A spine, leaf or rack without the name of its zone, which stands elsewhere: "cn-north-a-l01-r1" in cn-north-a is "l01-r1". */
export function placeName(name: string, zoneId: string | null): string {
  return zoneId && name.startsWith(`${zoneId}-`) ? name.slice(zoneId.length + 1) : name;
}

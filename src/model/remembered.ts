/** A function that keeps what it has made of each key, and starts anew when it has kept so many. */
export function remembered<K, T>(
  most: number,
  make: (key: K) => T,
  nameOf: (key: K) => unknown = key => key,
) {
  let known = new Map<unknown, T>();
  return (key: K) => {
    const name = nameOf(key);
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = make(key);
    // A new one: V8 links the table of one that is cleared to its next, and all that they held stays in memory for longer.
    if (known.size >= most) known = new Map();
    known.set(name, made);
    return made;
  };
}

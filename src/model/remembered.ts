/** A function that keeps what it has made of each key, and starts anew when it has kept so many. */
export function remembered<K, T>(most: number, make: (key: K) => T, nameOf: (key: K) => string = String) {
  const known = new Map<string, T>();
  return (key: K) => {
    const name = nameOf(key);
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = make(key);
    if (known.size >= most) known.clear();
    known.set(name, made);
    return made;
  };
}

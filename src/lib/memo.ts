/**
 * Remembers what `find` answered, for at most `most` keys. When full it forgets everything and begins again: the keys
 * (days, hours, years) are few on any one page, so keeping an order of use would cost more than the rare second look.
 * `find` must be pure and must not answer undefined.
 */
export function remember<Key, Value>(most: number, find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const found = find(key)
    known.set(key, found)
    return found
  }
}

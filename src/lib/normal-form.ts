/** More marks on one letter than any script needs (Unicode Standard Annex 15, "Stream-Safe Text Format"). */
const MOST_MARKS = 30
const PILES = new RegExp(`(\\p{M}{${MOST_MARKS}})\\p{M}+`, 'gu')

/**
 * Makes what looks the same the same (Unicode normal form), and takes off marks that are piled higher than any language
 * does. Putting marks in order takes time by the square of their number: 100,000 of them, which fit into one form, held
 * up the whole process for ten seconds.
 */
export function inNormalForm(text: string, form: 'NFC' | 'NFKC' = 'NFC'): string {
  return text.replace(PILES, '$1').normalize(form)
}

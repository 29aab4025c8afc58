/**
 * Long numbers as people and spreadsheets write them. They are names made of digits, never amounts, so they stay text.
 */

/** Takes out the spaces, dashes and slashes people put between groups of digits. A dot stays: it may be a decimal. */
export function joinDigits(text: string): string {
  return text.replace(/[\s\p{Pd}\u2212/]/gu, '')
}

/** 3.56938E+14, as a spreadsheet shows a number too wide for its column. The digits it left out are lost. */
export function isScientific(text: string): boolean {
  return /^[0-9](?:[.,][0-9]+)?e\+?[0-9]{1,3}$/i.test(text.trim())
}

/** What to do about a number that a spreadsheet has shortened, in words for the person who sent the file. */
export function explainScientific(name: string, text: string): string {
  return (
    `${name} ${text.trim()} is not complete: the spreadsheet shortened it. ` +
    'Change the format of the whole column to Text, type the full number again, then save the file'
  )
}

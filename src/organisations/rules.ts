import { cleanLine, isEmail, isLongerThan } from '../lib/text.ts'

export interface NewOrganisation {
  code: string
  name: string
  administrator: { name: string; email: string }
}

const LONGEST = 200

/** Reads what was given to the command; or says everything that is wrong with it, in words for the terminal. */
export function readOrganisation(given: Record<string, string | undefined>): NewOrganisation | { problems: string[] } {
  const code = cleanLine(given.code).toUpperCase()
  const name = cleanLine(given.name)
  const email = cleanLine(given.administrator).toLowerCase()
  const person = cleanLine(given['administrator-name'])
  const rules: [boolean, string][] = [
    [/^[A-Z0-9-]{2,20}$/.test(code), '--code: 2 to 20 letters, digits and hyphens, such as an ODS code'],
    [isName(name), '--name: what the organisation is called, 200 characters or less'],
    [isEmail(email) && !isLongerThan(email, LONGEST), '--administrator: an email address, like name@example.com'],
    [isName(person), '--administrator-name: their full name, 200 characters or less'],
  ]
  const problems = rules.filter(([isRight]) => !isRight).map(([, problem]) => problem)
  return problems.length > 0 ? { problems } : { code, name, administrator: { name: person, email } }
}

function isName(text: string): boolean {
  return text !== '' && !isLongerThan(text, LONGEST)
}

/** The words of the emails about a PIN or a badge. No link in them opens anything. */
export function tabletKeyNotice(name: string, what: string) {
  return {
    subject: 'Your sign-in to ward tablets was changed',
    body: `Hello ${name},

${what}

If it was you, there is nothing to do.

If it was not you, somebody else has tried to sign in as you. Tell your administrator now, and set a new PIN.`,
  }
}

/** The words of the emails about the second step. No link in them opens anything. */
export function changeNotice(name: string, what: string) {
  return {
    subject: 'Your sign-in to Manage digital inclusion loans was changed',
    body: `Hello ${name},

${what}

If it was you, there is nothing to do.

If it was not you, somebody else has been at your account. Tell your administrator now, and set a new password.`,
  }
}

export function resetNotice(name: string, url: string) {
  return {
    subject: 'Set up the second step of signing in again',
    body: `Hello ${name},

The second step of signing in was reset for your account, because you lost the phone or cannot use it. You are signed out everywhere, and the old phone and the old recovery codes work no more.

Sign in with your password. You are then asked to set up a phone again, if your organisation asks for it:
${url}

If you did not ask for this, tell your administrator now, and set a new password.`,
  }
}

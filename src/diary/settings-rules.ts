/** What an organisation decides about calls. */
export interface CallSettings {
  /** Minutes that a champion has between two calls. */
  break_minutes: number
  /** Working days before a remote appointment by which the trial-run call is over. */
  trial_call_days: number
  /** Working days that it takes to get an interpreter. */
  interpreter_days: number
}

/** The settings as one word, to tell whether somebody changed them meanwhile. */
export function settingsShown({ break_minutes, trial_call_days, interpreter_days }: CallSettings): string {
  return `${break_minutes} ${trial_call_days} ${interpreter_days}`
}

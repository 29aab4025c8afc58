/** Whom people can call, in the organisation's own words. */
export interface Numbers {
  crisis_line: string
  /** What letters say to ring when something does not work; empty where they leave room for it. */
  help_line: string
}

/** Both in one text, for whoever saves to be told when somebody else changed one meanwhile. */
export function numbersShown({ crisis_line, help_line }: Numbers): string {
  return `${crisis_line}\n\n${help_line}`
}

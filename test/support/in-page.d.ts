export function findViolations(runOnly: { type: string; values: string[] }): Promise<string[]>

export function standStill(): Promise<void>

export function findWide(): string[]

export function describeStops(): { count: number; forced: string[] }

export function describeKinds(): { controls: string[]; components: string[] }

export interface Focus {
  /** Its number among the elements of the page. */
  place: number
  name: string
  problems: string[]
}

export function inspectFocus(): Focus | null

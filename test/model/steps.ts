import fc from 'fast-check'
import type { Service } from './service.ts'
import type { Line, Loan, Thing, World } from './world.ts'
import * as by from './world.ts'

/** What somebody tries, in words; where there is nothing to try it on, the step is left out. */
export type Step = fc.AsyncCommand<World, Service> & { [fc.toStringMethod](): string }

export function step(
  words: string,
  run: (world: World, service: Service) => Promise<void>,
  check: (world: World) => boolean = () => true,
): Step {
  const told = async (world: World, service: Service) => {
    try {
      await run(world, service)
    } catch (error) {
      throw new Error(`At "${words}"`, { cause: error })
    }
  }
  return { check, run: told, toString: () => words, [fc.toStringMethod]: () => words }
}

/** Which loan, counted from the newest, and which of its lines: by their bits, of the open ones alone or of all. */
export interface LinesChoice {
  back: number
  bits: number
  isOpenOnly: boolean
  isStale: boolean
}

export interface Chosen {
  loan: Loan
  lines: Line[]
  isStale: boolean
}

export function chosenLines(world: World, { back, bits, isOpenOnly, isStale }: LinesChoice): Chosen | undefined {
  const loans = isOpenOnly ? world.loans.filter(({ lines }) => lines.some(by.isOpen)) : world.loans
  const loan = loans.at(-1 - (back % Math.max(loans.length, 1)))
  const offered = loan?.lines.filter((line) => by.isOpen(line) || !isOpenOnly) ?? []
  const lines = offered.filter((_, at) => (bits >> at) % 2 === 1)
  return loan && lines.length > 0 ? { loan, lines, isStale } : undefined
}

/** Something done to some lines of a loan. */
export function linesStep(
  what: string,
  choice: LinesChoice,
  run: (world: World, service: Service, asked: Chosen) => Promise<void>,
): Step {
  const { back, bits, isOpenOnly, isStale } = choice
  const which = `lines ${bits.toString(2)}${isOpenOnly ? ' of the open ones' : ''} of the loan ${back} back`
  return step(
    `${what}: ${which}${isStale ? ', from an old page' : ''}`,
    (world, service) => run(world, service, chosenLines(world, choice) as Chosen),
    (world) => chosenLines(world, choice) !== undefined,
  )
}

/** Something done to one of the things that are fit for it. */
export function thingStep(
  what: string,
  place: number,
  isFit: (world: World, thing: Thing) => boolean,
  run: (world: World, service: Service, thing: Thing) => Promise<void>,
): Step {
  const chosen = (world: World) => {
    const fit = world.things.filter((thing) => isFit(world, thing))
    return fit[place % Math.max(fit.length, 1)]
  }
  return step(
    `${what} ${place}`,
    (world, service) => run(world, service, chosen(world) as Thing),
    (world) => chosen(world) !== undefined,
  )
}

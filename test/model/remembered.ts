import * as correct from './correction-steps.ts'
import { book, extend, give, lend, scanBack, swap, takeBack } from './loan-steps.ts'
import type { LinesChoice, Step } from './steps.ts'
import { find, makeReady, report, sendToRepair } from './stock-steps.ts'
import { DAY, wait } from './stories.ts'

const newest: LinesChoice = { back: 0, bits: 3, isOpenOnly: true, isStale: false }
const newestOfAll: LinesChoice = { ...newest, isOpenOnly: false }

/** Stories that once came out wrong, or that chance seldom tells. */
export const remembered: [string, Step[]][] = [
  // a ward's item comes back on a day when it was lent on: noon of that day is not when it came back
  [
    '2026-08-03T09:30:00Z',
    [
      lend([0], 2, 60),
      wait(DAY),
      lend([0], 0, 5),
      wait(2 * DAY),
      takeBack(newest, null),
      makeReady(0),
      wait(3 * DAY),
    ].concat([0.9, 0.6, 0.5, 0.2].map((share) => takeBack(newest, share))),
  ],
  // on the very day of its last use, and before noon
  [
    '2026-08-03T06:30:00Z',
    [
      lend([3], 2, 60),
      lend([3], 0, 5),
      wait(DAY + 600),
      takeBack(newest, null),
      makeReady(0),
      wait(DAY),
      takeBack(newest, 0.5),
    ],
  ],
  // late over the night the clocks go back, taken back a day late in the books, and lent again at once
  [
    '2026-10-23T22:50:00Z',
    [lend([0, 1], 0, 1), wait(4 * DAY), takeBack(newest, 0.3), makeReady(0), makeReady(0), lend([1, 0], 1, 30)],
  ],
  // what is given while its ward counts on it, and while somebody else is promised it
  ['2026-08-03T09:30:00Z', [lend([0], 2, 60), lend([0], 0, 30), give(newest), takeBack(newest, null), makeReady(0)]],
  [
    '2026-08-03T09:30:00Z',
    [lend([0], 0, 10), book(0, 'nobody', 30, 5), give(newest), extend(newest, 40), wait(35 * DAY), give(newest)],
  ],
  // the ward's own plans do not stop its placement, other people's do
  [
    '2028-02-28T12:00:00Z',
    [
      lend([0], 2, 10),
      book(0, 'its ward', 3, 5),
      book(0, 'nobody', 3, 5),
      book(0, 'nobody', 30, 5),
      extend(newest, 20),
      extend(newest, 60),
    ],
  ],
  // a ward never had what has come back meanwhile
  ['2026-08-03T09:30:00Z', [lend([2], 2, 10), takeBack(newest, null), correct.borrower(newestOfAll, 0)]],
  // a person had it out of one ward's pool, and so another ward did not
  [
    '2026-08-03T09:30:00Z',
    [lend([0], 2, 30), lend([0], 0, 5), takeBack({ ...newest, back: 0 }, null), correct.borrower(newestOfAll, 3)],
  ],
  // what was written down by mistake leaves the rest a loan of which nothing has come back
  ['2026-03-27T17:00:00Z', [lend([1, 3], 0, 53), correct.borrower({ ...newest, bits: 1 }, 2)]],
  // two things are lost together and found one after the other
  ['2026-08-03T09:30:00Z', [report([0, 1], 'lost'), find(0, 0), find(0, 1)]],
  // what its ward sent to repair is not there to be swapped as broken
  ['2026-12-30T23:50:00Z', [lend([2], 3, 19), sendToRepair(2), swap({ ...newest, bits: 1 }, 3, true)]],
  // it came back and was another item in truth, which has been placed with a ward since
  [
    '2026-03-29T00:59:00Z',
    [lend([1], 0, 27), takeBack(newest, null), lend([3], 2, 22), correct.item({ ...newestOfAll, back: 1, bits: 1 }, 3)],
  ],
  // the ward has had another item in truth, which is on the bench at this moment
  [
    '2026-08-03T09:30:00Z',
    [report([3], 'lost'), lend([2], 2, 1), find(0, 0), correct.item({ ...newestOfAll, bits: 1 }, 3)],
  ],
  // a return that never was is no use: what is logged next may be of an earlier day
  [
    '2026-08-03T09:30:00Z',
    [
      lend([0, 1], 0, 60),
      wait(20 * DAY),
      takeBack(newest, null),
      correct.undo(newestOfAll, 40),
      takeBack({ ...newest, bits: 1 }, 0.5),
      scanBack([1], 5),
    ],
  ],
]

import type { StateTag } from '../lib/view-model.ts'
import type { Level } from './flag-rules.ts'

export const levelTags: Readonly<Record<Level, StateTag>> = {
  barrier: { text: 'Barrier', colour: 'red' },
  risk: { text: 'Risk', colour: 'orange' },
  'not-known': { text: 'Not known', colour: 'grey' },
  fine: { text: 'Fine', colour: 'green' },
}

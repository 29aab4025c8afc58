import type { StarterGuide } from './rules.ts'
import { starterCalls } from './starter-calls-rules.ts'
import { starterLeaflets } from './starter-leaflets-rules.ts'
import { starterSkills } from './starter-skills-rules.ts'

/** Everything that comes with the service; see {@link StarterGuide}. */
export const starterGuides: readonly StarterGuide[] = [...starterLeaflets, ...starterCalls, ...starterSkills]

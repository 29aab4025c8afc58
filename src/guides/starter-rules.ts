import type { StarterGuide } from './rules.ts'
import { starterAnyCall } from './starter-any-call-rules.ts'
import { starterCalls } from './starter-calls-rules.ts'
import { starterDevice } from './starter-device-rules.ts'
import { starterLeaflets } from './starter-leaflets-rules.ts'

/** Everything that comes with the service; see {@link StarterGuide}. */
export const starterGuides: readonly StarterGuide[] = [
  ...starterLeaflets,
  ...starterCalls,
  ...starterAnyCall,
  ...starterDevice,
]

import { helpRoutes } from './help/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import type { Route } from './web/routes.ts'

/** Every feature and its routes. What is not here cannot be reached. */
export const features: { name: string; routes: Route[] }[] = [
  { name: 'sign-in', routes: signInRoutes },
  { name: 'help', routes: helpRoutes },
]

/** Everything that tests and the demo data are made from, in one import. */
export * from './factories/example.ts'
export * from './factories/hold-states.ts'
export * from './factories/items.ts'
export * from './factories/loan-states.ts'
export * from './factories/loans.ts'
export * from './factories/places.ts'
export * from './factories/service-users.ts'
export * from './factories/staff.ts'

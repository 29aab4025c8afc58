import fc from 'fast-check'

/** Any day from 1900 to 2199, and often one of those that break sums: clock changes, leap days, ends of years. */
export const anyDate = fc.oneof(
  fc
    .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom(
    '2026-03-29',
    '2026-10-25',
    '2027-03-28',
    '2027-10-31',
    '2024-02-29',
    '2028-02-29',
    '2025-12-31',
    '2026-12-31',
    '2027-01-01',
  ),
)

import { type CountField, countFields } from './count-fields-rules.ts'
import type { HeadingRules } from './headings-rules.ts'

/** Headings as people write them over counts of a caseload, by field, the surest first. */
const known: Record<CountField, readonly string[]> = {
  countedOn: ['counted on', 'count date', 'as of', 'as at', 'as of date', 'snapshot date', 'reporting date', 'date'],
  place: ['ward team or hub', 'ward', 'team', 'hub', 'place', 'team name', 'ward name', 'service', 'unit'],
  breakdown: ['breakdown', 'characteristic', 'category', 'measure', 'dimension', 'by'],
  group: ['group', 'subgroup', 'value', 'band', 'age band', 'answer'],
  people: ['people', 'count', 'caseload', 'number of people', 'number', 'patients', 'total', 'headcount'],
}

export const countHeadings: HeadingRules = {
  fields: Object.keys(countFields),
  known,
  telling: { countedOn: /\bdate\b/, people: /\b(?:count|people|caseload)\b/ },
  onlyWhere: {},
  leftOut: [
    {
      heading: /^(?:name|full name|nhs number|nhs no|date of birth|dob)$/,
      why: 'These are counts of many people. Nobody may be named in them',
      isWarning: true,
    },
  ],
}

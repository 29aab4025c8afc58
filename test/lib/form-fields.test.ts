import { describe, expect, it } from '@jest/globals'
import { dateAnswer, differencesTable } from '../../src/lib/form-differences.ts'
import { dateFieldNames, dateFieldValues, formFields, readOptionalDate } from '../../src/lib/form-fields.ts'

describe('the fields of a form', () => {
  it('carry what was typed and their own error', () => {
    const field = formFields({ values: { tag: 'A 1' }, errors: [{ field: 'tag', text: 'Enter another tag' }] })
    expect(field.input('tag', 'Asset tag', { width: 20 })).toEqual({
      id: 'tag',
      name: 'tag',
      label: 'Asset tag',
      value: 'A 1',
      error: 'Enter another tag',
      width: 20,
    })
    expect(field.textarea('notes', 'Notes')).toMatchObject({ value: '', error: undefined })
    expect(field.select('ward', 'Ward', [{ value: 1, text: 'Ash' }])).toMatchObject({
      items: [{ value: 1, text: 'Ash' }],
    })
  })

  it('mark the wrong boxes of a date, or all of them when the day itself is what is wrong', () => {
    const typed = { 'on-day': '1', 'on-month': '', 'on-year': '' }
    const { error } = readOptionalDate(typed, 'on', 'Date')
    expect(error).toEqual({ field: 'on-month', text: 'Date must include a month and year' })
    expect(formFields({ values: typed, errors: [error!] }).date('on', 'When?')).toMatchObject({
      day: '1',
      error: 'Date must include a month and year',
      wrong: { month: true, year: true },
    })
    const tooEarly = { values: dateFieldValues('on', '2026-08-03'), errors: [{ field: 'on', text: 'Too early' }] }
    expect(formFields(tooEarly).date('on', 'When?')).toMatchObject({ error: 'Too early', wrong: undefined })
  })
})

describe('a date that may be left out', () => {
  it('goes into its three boxes and comes back', () => {
    const values = dateFieldValues('on', '2026-08-03')
    expect(values).toEqual({ 'on-day': '3', 'on-month': '8', 'on-year': '2026' })
    expect(Object.keys(values)).toEqual(dateFieldNames('on'))
    expect(readOptionalDate(values, 'on', 'Date')).toEqual({ date: '2026-08-03' })
  })

  it('is none when nothing was typed', () => {
    expect(readOptionalDate(dateFieldValues('on', null), 'on', 'Date')).toEqual({ date: null })
    expect(readOptionalDate({}, 'on', 'Date')).toEqual({ date: null })
  })

  it('leads to its first box when the day is wrong', () => {
    const typed = { 'on-day': '32', 'on-month': '8', 'on-year': '2026' }
    expect(readOptionalDate(typed, 'on', 'Date').error).toEqual({ field: 'on', text: 'Date must be a real date' })
  })
})

describe('what differs between what is saved and what was typed', () => {
  const questions = [
    { label: 'Name', answer: (values: Record<string, string>) => values.name ?? '' },
    { label: 'Date', answer: dateAnswer('on') },
  ]

  it('stands side by side, what is empty in words', () => {
    const saved = { name: 'Theirs', ...dateFieldValues('on', '2026-08-03') }
    const rows = differencesTable(questions, saved, { name: '', ...dateFieldValues('on', '2026-08-03') })?.rows
    expect(rows).toEqual([{ cells: [{ text: 'Name' }, { text: 'Theirs' }, { text: 'Empty' }] }])
  })

  it('is nothing when both are the same', () => {
    expect(differencesTable(questions, { name: 'Same' }, { name: 'Same' })).toBeNull()
  })
})

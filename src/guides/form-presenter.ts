import { addWeeks, formatDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DateField, InputField, Page, RadiosField, SelectField, TextareaField } from '../lib/view-model.ts'
import { typedBlocks } from './block-rules.ts'
import { languageName, languages } from './language-rules.ts'
import { pictureFile, pictures } from './picture-rules.ts'
import type { Guide } from './queries.ts'
import { type Form, forms, guideUrl, type Purpose, purposes, WEEKS_UNTIL_REVIEW } from './rules.ts'

export type GuideFormPage = Page & {
  lead: string
  action: string
  key?: string
  version?: number
  purpose?: SelectField
  platform?: SelectField
  form?: RadiosField
  language?: SelectField
  titleField: InputField
  words: TextareaField | null
  link: InputField | null
  pictures: { name: string; file: string; alt: string }[]
  cancel: string
}

export interface GuideFormShown extends FormShown {
  guide?: Guide
  platforms?: readonly { id: number; name: string }[]
  key?: string
  version?: number
}

/** A guide to be written, or a draft to be changed. */
export function presentGuideForm({ guide, platforms = [], key, version, ...form }: GuideFormShown): GuideFormPage {
  const fields = formFields({ values: form.values ?? (guide ? saved(guide) : { language: 'en' }), errors: form.errors })
  const isRecorded = guide?.form === 'audio' || guide?.form === 'bsl'
  const url = guide ? guideUrl(guide.id) : '/guides'
  return {
    title: guide ? 'Change a draft' : 'Write a guide',
    lead: guide
      ? `${purposes[guide.purpose as Purpose]}, ${forms[guide.form as Form].toLowerCase()}, ${languageName(guide.language)}. You see how it looks after saving.`
      : 'It is a draft until somebody approves it. You see how it looks after saving.',
    errors: form.errors,
    back: { href: url, text: guide ? guide.title : 'Guides' },
    action: url,
    ...(guide ? { version: version ?? guide.version } : { key: key ?? '' }),
    ...(guide ? {} : slotFields(fields, platforms)),
    titleField: fields.input('title', 'Title', { autocomplete: 'off' }),
    words: isRecorded
      ? null
      : fields.textarea('words', guide ? 'The words' : 'The words, if it is to read', {
          rows: 24,
          hint: 'Short sentences. Leave a line empty between pieces. Begin a part with “Heading:”, a step with its number and a dot, and a piece that has a picture with “Picture:” and its name',
        }),
    link:
      guide && !isRecorded
        ? null
        : fields.input('link', guide ? 'Where the recording is' : 'Where the recording is, if it is audio or video', {
            type: 'url',
            spellcheck: 'false',
            autocomplete: 'off',
          }),
    pictures: isRecorded
      ? []
      : Object.entries(pictures).map(([name, alt]) => ({
          name,
          alt,
          file: pictureFile(name as keyof typeof pictures),
        })),
    cancel: url,
  }
}

function slotFields(fields: ReturnType<typeof formFields>, platforms: readonly { id: number; name: string }[]) {
  return {
    purpose: fields.select('purpose', 'What is it for?', [
      { value: '', text: 'Choose' },
      ...Object.entries(purposes).map(([value, text]) => ({ value, text })),
    ]),
    platform: fields.select('platform', 'For which platform? (optional)', [
      { value: '', text: 'Any platform' },
      ...platforms.map(({ id, name }) => ({ value: id, text: name })),
    ]),
    form: fields.radios(
      'form',
      'How is it made?',
      Object.entries(forms).map(([value, text]) => ({ value, text })),
      { hint: 'Large print and braille are made from the one in plain words' },
    ),
    language: fields.select(
      'language',
      'Language',
      languages.map(({ code, name }) => ({ value: code, text: name })),
    ),
  }
}

const saved = ({ title, blocks, link }: Guide) => ({ title, words: typedBlocks(blocks), link })

export type ApprovalPage = Page & {
  name: string
  lead: string
  action: string
  version: number
  reviewOn: DateField
  cancel: string
}

export interface ApprovalShown extends FormShown {
  guide: Guide
  today: string
}

/** Somebody approves a draft in their own name. */
export function presentApproval({ guide, today, ...form }: ApprovalShown): ApprovalPage {
  const later = addWeeks(today, WEEKS_UNTIL_REVIEW)
  const fields = formFields({ values: form.values ?? dateFieldValues('review-on', later), errors: form.errors })
  return {
    title: 'Approve this guide',
    name: guide.title,
    errors: form.errors,
    back: { href: guideUrl(guide.id), text: guide.title },
    lead: `It is handed out from now on, in your name, in place of the version before. Today is ${formatDate(today)}.`,
    action: guideUrl(guide.id, '/approval'),
    version: guide.version,
    reviewOn: fields.date('review-on', 'When is it to be read again?', {
      hint: 'Platforms change their buttons, so not later than in a year',
    }),
    cancel: guideUrl(guide.id),
  }
}

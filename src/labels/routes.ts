import { setImmediate as letOthersBy } from 'node:timers/promises'
import type { Request, Response } from 'express'
import { filterParameters, readItemFilter } from '../items/filter-rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, type Typed } from '../lib/fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { CodePicture } from '../lib/qr-code.ts'
import { listWards } from '../wards/queries.ts'
import { context, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { type LabelOrder, parseLabelOrder } from './form.ts'
import { codeErrors, presentLabels, presentSheets, tooManyChosen } from './presenter.ts'
import {
  countItemsToLabel,
  findItemsToLabel,
  findModelName,
  type LabelChoice,
  type LabelItem,
  listItemsToLabel,
  listParts,
  type Part,
} from './queries.ts'
import { codePicture, isSheetName, type LabelSheet, MOST_LABELS, sheetOf } from './rules.ts'

export const labelRoutes = [
  get('/items/labels', 'item:write', showLabels),
  post('/items/labels', 'item:write', printLabels),
]

const FORM = 'labels/choose'

async function showLabels(req: Request, res: Response): Promise<void> {
  const textOf = (name: string) => queryText(req, name)
  const sheet = textOf('sheet')
  const values = {
    from: textOf('from'),
    to: textOf('to'),
    codes: textOf('item'),
    sheet: isSheetName(sheet) ? sheet : '',
    first: '1',
  }
  renderPage(res, FORM, await choosePage(req, textOf, { values }))
}

/** A list of tags is too long for an address, so the labels are the answer to a form; nothing is changed by it. */
async function printLabels(req: Request, res: Response): Promise<void> {
  const { actor, config } = context(req)
  const textOf = (name: string) => fieldText(req.body, name)
  const form = parseLabelOrder(req.body)
  if (form.errors) return showAgain(res, FORM, await choosePage(req, textOf, form))
  const { sheet, first } = form.value
  const { items, ...refused } = await itemsOrdered(req, form.value)
  if (refused.errors.length > 0) {
    return showAgain(res, FORM, await choosePage(req, textOf, { values: form.values, ...refused }))
  }
  const codes = await drawCodes(items, sheetOf(sheet), config.publicUrl)
  const again = listUrl('/items/labels', { ...filterParameters(readItemFilter(textOf)), sheet })
  const back = { href: again, text: 'Print labels' }
  const page = presentSheets({ items, codes, sheet, first, organisation: actor.organisationName, back })
  renderPage(res, 'labels/sheets', page, { layout: 'print' })
}

/** A code takes two milliseconds to draw, and 500 of them a second in which nobody else would be served: so others go between. */
async function drawCodes(items: LabelItem[], sheet: LabelSheet, publicUrl: string) {
  const codes: (CodePicture | null)[] = []
  for (const { tag } of items) {
    codes.push(codePicture(`${publicUrl}${itemUrl(tag)}`, sheet))
    await letOthersBy()
  }
  return codes
}

interface Ordered {
  items: LabelItem[]
  errors: FieldError[]
  parts?: Part[]
}

function itemsOrdered(req: Request, order: LabelOrder): Promise<Ordered> {
  return order.codes.length > 0 ? itemsScanned(req, order.codes) : itemsChosen(req, order)
}

async function itemsScanned(req: Request, codes: string[]): Promise<Ordered> {
  const { db, actor } = context(req)
  const meant = await findItemsToLabel(db, actor, codes)
  const items = new Map(meant.flatMap((one) => one.items).map((item) => [item.tag, item]))
  return { items: [...items.values()], errors: codeErrors(meant) }
}

async function itemsChosen(req: Request, { from, to }: LabelOrder): Promise<Ordered> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const choice: LabelChoice = { filter: readItemFilter((name) => fieldText(req.body, name)), from, to }
  const items = await listItemsToLabel(db, actor, choice, today, MOST_LABELS + 1)
  if (items.length === 0)
    return { items, errors: [{ field: 'from', text: 'No item fits. Choose other filters or tags' }] }
  if (items.length <= MOST_LABELS) return { items, errors: [] }
  const { total, parts } = await listParts(db, actor, choice, today, MOST_LABELS)
  return { items: [], errors: [{ field: 'from', text: tooManyChosen(total, parts.length) }], parts }
}

interface Typing {
  values: Typed
  errors?: FieldError[]
  parts?: Part[]
}

async function choosePage(req: Request, textOf: (name: string) => string, typing: Typing) {
  const { db, actor, now } = context(req)
  const filter = readItemFilter(textOf)
  const choice = { filter, from: '', to: '' }
  const [count, wards, model] = await Promise.all([
    countItemsToLabel(db, actor, choice, londonToday(now), MOST_LABELS + 1),
    listWards(db, actor),
    filter.modelId === undefined ? undefined : findModelName(db, actor, filter.modelId),
  ])
  return presentLabels({ filter, wards, model, count, ...typing })
}

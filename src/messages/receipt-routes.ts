import type { Callback } from '../web/callbacks.ts'
import { noteArrival } from './receipt-actions.ts'
import { readReceipt } from './receipt-rules.ts'
import { noteReply } from './reply-actions.ts'
import { readReply } from './reply-rules.ts'

/** Where GOV.UK Notify tells what became of a text. */
export const receiptCallback: Callback = {
  path: '/callbacks/notify/delivery',
  token: ({ notifyCallbackToken }) => notifyCallbackToken,
  handle: async (services, body) => {
    const receipt = readReceipt(body)
    if (receipt) await noteArrival(services, receipt)
  },
}

/** Where it tells what somebody answered. */
export const replyCallback: Callback = {
  path: '/callbacks/notify/received',
  token: ({ notifyCallbackToken }) => notifyCallbackToken,
  handle: async (services, body) => {
    const reply = readReply(body)
    if (reply) await noteReply(services, reply)
  },
}

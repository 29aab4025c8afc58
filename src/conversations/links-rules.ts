/** Where the pages of a conversation are. */
export const talkUrl = (personId: number) => `/service-users/${personId}/conversation`
export const partUrl = (personId: number, part: string) => `${talkUrl(personId)}/parts/${part}`
export const heldUrl = (personId: number, conversationId: number) => `${talkUrl(personId)}/held/${conversationId}`

/** Where one answer stands in its conversation. */
export function answerUrl(personId: number, answer: { conversation_id: number; question: string }): string {
  return `${heldUrl(personId, answer.conversation_id)}#answer-${answer.question}`
}

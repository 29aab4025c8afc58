/**
 * What was found by others, in our words, as far as a rule here rests on it. The whole list, with what the service does about
 * each finding, is docs/evidence.md; a test holds the two together.
 */
export const evidence = {
  '1.1':
    'An up-to-date device, lent or given with its charger, lets people in who have none: most of all people in poverty, without a home, seeking refuge, on wards, and children. A phone call suits people with no device.',
  '1.2b':
    'People whose own internet is poor, unstable or too dear are shut out, and video calls use up mobile data. Cheap plans, data that comes with the device, places with Wi-Fi, and meeting face to face help.',
  '1.3b':
    'One-to-one help, guides in the person’s own language and format, practice, repetition and a trial run before the appointment make people confident, and they keep appointments.',
  '2.1':
    'People do better when they choose how to meet, are asked again regularly, and when staff know what stands in their way.',
  '2.2':
    'Remote care helps people with caring duties, long journeys, work, or fear of leaving home. Others need a visit at home.',
  '2.4':
    'Care in the person’s own language may be far away. An interpreter, or somebody who speaks it, decides whether talking works.',
  '2.5':
    'Voices, worries about being watched, autism, migraine, poor sight or hearing can make a call hard. Camera off, the phone, text, or meeting face to face help.',
  '3.1':
    'Without a private place people stay silent, or come to harm. Private rooms, headsets, other times and quiet checks help.',
} as const satisfies Record<string, string>

export type EvidenceId = keyof typeof evidence

export function evidenceUrl(id: EvidenceId): string {
  return `/evidence#evidence-${id.replace('.', '-')}`
}

/** What can be done about something that shuts a person out: always something for us to do, and never a reason to refuse. */
export const steps = {
  lend: { text: 'Lend a device, with its charger' },
  data: { text: 'Give data: a SIM, a voucher or a hotspot' },
  tariff: { text: 'Look for a social tariff together' },
  signpost: { text: 'Give them the list of help nearby' },
  training: { text: 'Plan a training session, and repeat it as often as needed' },
  'trial-run': { text: 'Make a trial-run call before the first appointment' },
  guide: { text: 'Give the guide in their language and format' },
  interpreter: { text: 'Have an interpreter at every contact' },
  room: { text: 'Offer a private room, a headset or another time' },
  'safe-contact': { text: 'Agree how we may contact them safely' },
  adapt: { text: 'Adapt calls: camera off, larger letters, captions, shorter calls, the phone' },
  power: { text: 'Lend a power bank, and show where they can charge' },
  'keep-safe': { text: 'Agree where the device is kept, or lend it for the day' },
  journey: { text: 'Help with the journey, or agree another time' },
  'home-visit': { text: 'Offer a visit at home' },
  'other-way': { text: 'Meet in the way they chose, face to face always among them' },
  'no-pressure': { text: 'Show them what it is like, with no pressure, and ask again' },
} as const satisfies Record<string, { text: string }>

export type Step = keyof typeof steps

export function isStep(text: string): text is Step {
  return Object.hasOwn(steps, text)
}

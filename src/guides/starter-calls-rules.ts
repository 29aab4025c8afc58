import type { StarterGuide } from './rules.ts'

const join = (platform: string | null) => ({
  ...{ purpose: 'join-call', platform },
  title: platform === null ? 'How to join a video call' : `How to join a call on ${platform}`,
})
const of = (platform: string | null, form: StarterGuide['form'], text: string): StarterGuide => ({
  ...(join(platform) as Pick<StarterGuide, 'purpose' | 'platform' | 'title'>),
  ...{ form, text },
})

const before = `Heading: Before the call

Plug in the device. Sit where you can talk freely. Have the letter with you: the number to ring is on it.`

const after = `Heading: At the end

Tap the red button. You can leave at any time.

If it does not work, ring the number in your letter. You do not miss your appointment because of it.`

const easyBefore = `Heading: Before the call

Picture: charger
Plug in the device.

Picture: room
Go to a quiet room.

Picture: letter
Have your letter with you.`

const easyAfter = `Heading: At the end

Picture: leave
Tap the red button.
You can leave at any time.

Heading: It does not work?

Picture: ring
Ring the number in your letter.`

const plain = (platform: string | null, steps: string) =>
  of(platform, 'plain', `${before}\n\nHeading: Join the call\n\n${steps.trim()}\n\n${after}`)
const easy = (platform: string | null, steps: string) =>
  of(platform, 'easy-read', `${easyBefore}\n\nHeading: Join the call\n\n${steps.trim()}\n\n${easyAfter}`)

/** How one gets in, platform by platform. None needs an account or an app: each opens in the browser. */
export const starterCalls: readonly StarterGuide[] = [
  plain(
    null,
    `
1. Open the text message or the email that we sent you.

2. Tap the link in it. It is the words in blue.

3. If you are asked whether to get an app or to go on in the browser, choose the browser.

4. Type your first name.

5. If you are asked whether the call may use your camera and microphone, tap Allow.

6. Tap the button that says Join.

7. Wait. We let you in. It can take a few minutes.`,
  ),
  easy(
    null,
    `
Picture: message
1. Open our message.

Picture: tap
2. Tap the link.
It is in blue.

Picture: name
3. Type your first name.

Picture: allow
4. Tap “Allow”.

Picture: tap
5. Tap “Join”.

Picture: wait
6. Wait.
We let you in.`,
  ),
  plain(
    'Microsoft Teams',
    `
1. Open the text message or the email that we sent you.

2. Tap the blue link.

3. Tap “Continue on this browser” or “Join on the web”. You do not need the app. If you have it, it works too.

4. Type your first name.

5. If you are asked whether Teams may use your camera and microphone, tap Allow.

6. Tap “Join now”.

7. You see the words “Someone will let you in shortly”. Wait there.

Heading: Buttons in the call

The microphone turns your sound on and off. The camera turns your picture on and off. If you do not see them, tap the screen once.`,
  ),
  easy(
    'Microsoft Teams',
    `
Picture: message
1. Open our message.

Picture: tap
2. Tap the blue link.

Picture: tap
3. Tap “Continue on this browser” or “Join on the web”.

Picture: name
4. Type your first name.

Picture: allow
5. Tap “Allow”.

Picture: tap
6. Tap “Join now”.

Picture: wait
7. Wait.
We let you in.`,
  ),
  plain(
    'Zoom',
    `
1. Open the text message or the email that we sent you.

2. Tap the blue link.

3. If you have the Zoom app, it opens by itself. If not, tap “Join from browser”. It may stand at the bottom of the page.

4. Type your first name. Tap “Join”.

5. If you are asked whether Zoom may use your camera and microphone, tap Allow.

6. Wait until we let you in.

7. Tap “Join audio” or “Wifi or cellular data” if you see it. Otherwise you hear nothing.

Heading: Buttons in the call

“Mute” turns your sound off and on. “Stop video” turns your picture off and on. If you do not see them, tap the screen once.`,
  ),
  easy(
    'Zoom',
    `
Picture: message
1. Open our message.

Picture: tap
2. Tap the blue link.

Picture: tap
3. Tap “Join from browser”.

Picture: name
4. Type your first name.
Tap “Join”.

Picture: allow
5. Tap “Allow”.

Picture: wait
6. Wait.
We let you in.

Picture: sound
7. Tap “Join audio”.
Now you can hear us.`,
  ),
  plain(
    'Attend Anywhere',
    `
1. Open the text message, the email or the letter that we sent you.

2. Tap the blue link. On a phone or a tablet from Apple use Safari. On others use Chrome or Edge.

3. Tap “Start call”.

4. If you are asked whether the call may use your camera and microphone, tap Allow. You see yourself on the screen.

5. Type your name, your date of birth and your phone number. We need them to know who is waiting.

6. Tap “Continue” until you are in the waiting area. You are alone there, and you may hear music.

7. Wait. We come to you. Keep the page open.`,
  ),
  easy(
    'Attend Anywhere',
    `
Picture: message
1. Open our message.

Picture: tap
2. Tap the blue link.

Picture: tap
3. Tap “Start call”.

Picture: allow
4. Tap “Allow”.

Picture: name
5. Type your name, your date of birth and your phone number.

Picture: wait
6. Wait.
You are alone in the waiting area.
You may hear music.

Picture: call
7. We come to you.`,
  ),
  plain(
    'AccuRx',
    `
1. Open the text message that we sent you. It comes from us, and has a link in it.

2. Tap the link. It opens in the browser. You do not need an app.

3. If you are asked whether the call may use your camera and microphone, tap Allow.

4. Check that you see yourself on the screen.

5. Tap the button to join.

6. Wait. We come to you.

The link works on one day only. For the next call we send you a new one.`,
  ),
  easy(
    'AccuRx',
    `
Picture: message
1. Open our text message.

Picture: tap
2. Tap the link.

Picture: allow
3. Tap “Allow”.

Picture: camera
4. You see yourself.

Picture: tap
5. Tap the button to join.

Picture: wait
6. Wait.
We come to you.`,
  ),
]

import type { StarterGuide } from './rules.ts'

const calls = { purpose: 'how-calls-work', platform: null, title: 'How our video calls work' } as const
const seen = { purpose: 'what-we-see', platform: null, title: 'What we can and cannot see on this device' } as const

/** What somebody should know before the first call, and before they take a device of ours home. No signature is asked. */
export const starterLeaflets: readonly StarterGuide[] = [
  {
    ...calls,
    form: 'plain',
    text: `This page tells you what to expect. You do not have to sign anything.

Heading: You choose

A video call is one way to meet. You can also ask for a phone call, or to meet face to face. You do not have to say why.

You can change your mind, also on the day.

Heading: Who starts the call

We send you a link before the day. You tap it at the time we agreed. We let you in.

We will be there at the start. If we are late, please wait 15 minutes. If nobody comes, we call you.

Heading: Who is on the call

We tell you who is there. Nobody listens in without you knowing.

You may have somebody with you. Tell us who it is.

Heading: When we can help

We are there at the times we agreed. We may not see messages that come in between.
If you need help at once, ring the number in your letter. In an emergency, ring 999.

Heading: What we write down

We write down what we talked about, as we do when we meet. We do not record the picture or the sound. Please do not record it either. If one of us wishes to, we ask the other first.

Heading: At the start of each call

We ask where you are and which number to ring if the call stops. We ask whether you can talk freely.
You can say stop at any time, or just leave the call.`,
  },
  {
    ...calls,
    form: 'easy-read',
    text: `Picture: call
This page is about video calls with us.
You do not have to sign anything.

Heading: You choose

Picture: yes
You can meet us by video.
You can ask for a phone call.
You can ask to meet face to face.

Picture: stop
You can change your mind.
You do not have to say why.

Heading: Before the call

Picture: message
We send you a link.

Picture: wait
Tap the link at the time we agreed.
If we are late, please wait 15 minutes.
If nobody comes, we call you.

Heading: On the call

Picture: help
We tell you who is there.
You can have somebody with you.

Picture: room
We ask where you are.
We ask if you can talk freely.

Picture: ring
We ask for a phone number.
We ring it if the call stops.

Picture: leave
You can leave the call at any time.

Heading: What we keep

Picture: letter
We write down what we talked about.

Picture: not-see
We do not record the picture or the sound.
Please do not record it either.

Heading: If you need help

Picture: ring
We may not see a message straight away.
Ring the number in your letter.
In an emergency, ring 999.`,
  },
  {
    ...seen,
    form: 'plain',
    text: `This device is lent to you to use as your own. This page tells you what we can see and what we cannot.

Heading: What we can see

We know which device you have, and its number.

We can see how much data was used. We cannot see what it was used for.

If the device is lost, we may lock it or wipe it from far away. We tell you first, if we can reach you.

Heading: What we cannot see

We cannot see what you look at, read or watch.

We cannot read your messages or hear your calls.

We cannot see your photos.

We cannot see or hear you through the camera or the microphone. It is on only when you use it, such as in a call.

Heading: What others may see

The websites and apps you use may keep what you do there. This is the same on any device.

Whoever holds the device may see what is on it. Lock it with a PIN that only you know.

Heading: When you give it back

1. Save your photos and what you want to keep. We can do it together.

2. Sign out of your accounts. We can help with that too.

3. We then wipe the device. After that nobody can see what was on it.

Do you want to know more? Ask the person who gave you this page.`,
  },
  {
    ...seen,
    form: 'easy-read',
    text: `Picture: tablet
We lend you this device.
You can use it as your own.

Heading: What we can see

Picture: see
We know which device you have.
We see how much data it used.

Picture: no
We do not see what you used it for.

Heading: What we cannot see

Picture: not-see
We cannot see what you look at.
We cannot read your messages.
We cannot see your photos.

Picture: camera
We cannot see you through the camera.
It is on only when you use it.

Picture: microphone
We cannot hear you.
The microphone is on only when you use it.

Heading: Keep it to yourself

Picture: password
Lock it with a PIN.
Only you should know the PIN.

Heading: If you lose it

Picture: ring
Tell us.
We may lock it or wipe it from far away.
You are not in trouble.

Heading: When you give it back

Picture: full
We help you save your photos.

Picture: restart
Then we wipe it.
Nobody can see what was on it.

Picture: help
Do you want to know more?
Ask the person who gave you this.`,
  },
]

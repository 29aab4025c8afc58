import type { StarterGuide } from './rules.ts'

const sound = { purpose: 'camera-and-sound', platform: null, title: 'Camera and sound' } as const
const safe = { purpose: 'staying-safe', platform: null, title: 'Staying safe on a call' } as const
const fails = { purpose: 'if-it-fails', platform: null, title: 'What to do if the call fails' } as const

/** What helps with any call, on whatever platform. */
export const starterAnyCall: readonly StarterGuide[] = [
  {
    ...sound,
    form: 'plain',
    text: `Heading: Before the call

1. Put the device on a table. Lean it on something so that it stands. The camera should be as high as your eyes.

2. Sit so that the light is in front of you. With a window behind you we only see a dark shape.

3. Close other apps. Turn off the television and the radio.

4. Turn up the sound with the button on the side. Headphones help, and others hear less.

Heading: In the call

When the device asks whether the call may use your camera and microphone, tap Allow.

They cannot hear you: look for the picture of a microphone. If it is crossed out, tap it.

They cannot see you: look for the picture of a camera. If it is crossed out, tap it.

You cannot hear them: turn up the sound. Take the headphones out and put them in again.

The picture stops: go nearer to the Wi-Fi box, or turn your camera off. Then the sound works better.

Heading: If you would rather not be seen

You may turn your camera off. You do not have to say why.`,
  },
  {
    ...sound,
    form: 'easy-read',
    text: `Heading: Before the call

Picture: tablet
1. Put the device on a table.
Lean it on something.

Picture: light
2. Sit with the light in front of you.

Picture: sound
3. Turn the sound up.
Turn the TV off.

Picture: headphones
4. Headphones help.

Heading: In the call

Picture: allow
Tap “Allow”.

Picture: microphone
They cannot hear you?
Tap the microphone.

Picture: camera
They cannot see you?
Tap the camera.

Picture: sound
You cannot hear them?
Turn the sound up.

Picture: wifi
The picture stops?
Go nearer to the Wi-Fi box.

Heading: You choose

Picture: not-see
You can turn your camera off.
You do not have to say why.`,
  },
  {
    ...safe,
    form: 'plain',
    text: `Heading: Find a place where you can talk

Choose a room with a door. Headphones help: others hear only your side.

If you cannot talk at home, tell us. You may come to us, sit in a room we book for you, or talk at another time.

Heading: If somebody comes in

You can just leave the call. We understand. We ring back only on the number that you gave us for it.

You can agree a word with us that means “I cannot talk now”.

Heading: What others can see

Look behind you. Turn the device if there is something you do not want to show, such as a letter with your address.

Type only your first name when you are asked for a name.

Heading: Is it really us?

We told you which number rings or which link comes. If another one comes, do not tap it. Ring us on the number in your letter and ask.

We never ask for a password, a bank card or money.

Heading: If you are not safe

If you are in danger now, ring 999. If you cannot speak, wait and press 55 on a mobile phone.`,
  },
  {
    ...safe,
    form: 'easy-read',
    text: `Heading: Where to talk

Picture: room
Go to a room with a door.

Picture: headphones
Use headphones.
Then others hear less.

Picture: help
Can you not talk at home?
Tell us.
We find another place or time.

Heading: If somebody comes in

Picture: leave
You can just leave the call.
We understand.

Heading: What others see

Picture: see
Look what is behind you.

Picture: name
Type only your first name.

Heading: Is it really us?

Picture: stop
Do not tap a link you do not know.
Ring us and ask.

Picture: password
We never ask for your password.
We never ask for money.

Heading: If you are in danger

Picture: ring
Ring 999.
If you cannot speak, wait.
Then press 55 on a mobile phone.`,
  },
  {
    ...fails,
    form: 'plain',
    text: `It happens to everybody. You will not miss your appointment because of it. Try these, one after the other.

1. Wait one minute. We may be letting you in.

2. Leave the call and tap the link again.

3. Look whether the Wi-Fi sign shows. If it does not, open Settings, then Wi-Fi, and tap the name of yours.

4. Turn the device off and on again. Then tap the link again.

5. If you have another phone or tablet, try the link there.

Heading: If it still does not work

Ring the number in your letter. Say that you cannot get in. Somebody helps you at once.

Or do nothing. If we agreed on it, we call you, on the number you gave us.

Heading: Instead of the video call

We can talk by phone, find another time, or meet face to face. You choose.

It does not count as a missed appointment when it does not work.`,
  },
  {
    ...fails,
    form: 'easy-read',
    text: `Picture: yes
It happens to everybody.
It is not your fault.

Heading: Try this

Picture: wait
1. Wait one minute.

Picture: tap
2. Leave the call.
Tap the link again.

Picture: wifi
3. Look for the Wi-Fi sign.

Picture: restart
4. Turn the device off.
Turn it on again.
Tap the link again.

Heading: It still does not work?

Picture: ring
Ring the number in your letter.
Say: “I cannot get in.”

Picture: help
Somebody helps you.

Heading: You choose

Picture: phone
We can talk by phone.

Picture: wait
We can find another time.

Picture: room
We can meet face to face.`,
  },
]

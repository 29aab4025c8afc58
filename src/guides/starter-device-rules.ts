import type { StarterGuide } from './rules.ts'

const accounts = { purpose: 'accounts', platform: null, title: 'Accounts and passwords' } as const
const charge = { purpose: 'charging', platform: null, title: 'Charging your device' } as const

/** What helps with a device from day to day. */
export const starterDevice: readonly StarterGuide[] = [
  {
    ...accounts,
    form: 'plain',
    text: `To join a video call you do not need an account. Tap the link and type a name.

You may need an account for email, or to get apps.

Heading: Make a password that is hard to guess

1. Think of three words that have nothing to do with each other, such as fish, ladder and Tuesday.

2. Write them as one word. Add a number if you are asked for one.

3. Use another password for your email than for anything else. Whoever has your email can change your other passwords.

Heading: Remember it

You may write it down. Keep the paper at home, away from the device.

The device can also keep your passwords for you. Set a PIN on the device first.

Heading: Keep it to yourself

We never ask for your password. Nobody who works with us does.

If somebody makes you tell them your password, tell us when you are alone. We can help.

If you forget it, tap “Forgot password”. You get an email with a link to make a new one.`,
  },
  {
    ...accounts,
    form: 'easy-read',
    text: `Picture: yes
You do not need an account to join a call.
Tap the link and type a name.

Heading: Make a password

Picture: password
1. Think of three words.
For example: fish, ladder, Tuesday.

Picture: name
2. Write them as one word.

Picture: no
3. Do not use your name or your birthday.

Heading: Keep it safe

Picture: letter
You can write it down.
Keep the paper at home.
Do not keep it with the device.

Picture: stop
Do not tell anybody your password.
We never ask for it.

Heading: If you forget it

Picture: tap
Tap “Forgot password”.
You get an email to make a new one.

Picture: help
We can do it together.`,
  },
  {
    ...charge,
    form: 'plain',
    text: `A call needs about a quarter of the battery in an hour. Plug the device in before the call and leave it plugged in.

Heading: How to charge it

1. Put the small end of the cable into the device. It should go in easily. If it does not, turn it round.

2. Put the plug into the wall. Turn the socket on.

3. Look at the battery sign on the screen. It shows a flash when it is charging.

It takes about three hours until it is full.

Heading: Keep it safe

Charge it on something hard, such as a table. Do not charge it in bed or under a cushion.

Use the charger that we gave you. If the cable is broken, stop using it and tell us. We give you another one.

Heading: If you cannot charge it at home

Tell us, also if it is because of the cost or because you have no socket. Libraries and hubs let you charge. We know where.`,
  },
  {
    ...charge,
    form: 'easy-read',
    text: `Picture: battery
A call uses a lot of battery.
Plug it in before the call.

Heading: How to charge

Picture: charger
1. Put the small end into the device.

Picture: charger
2. Put the plug into the wall.
Turn the socket on.

Picture: wait
3. Wait.
It takes about 3 hours.

Picture: full
4. Now it is full.

Heading: Keep safe

Picture: yes
Charge it on a table.

Picture: no
Do not charge it in bed.

Picture: stop
Is the cable broken?
Stop using it.
Tell us. We give you another.

Heading: Can you not charge at home?

Picture: help
Tell us.
We know places where you can.`,
  },
]

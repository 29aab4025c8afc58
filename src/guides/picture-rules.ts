/** The drawings there are for easy read, each with what it shows. Each is a file of its name in public/pictures. */
export const pictures = {
  tablet: 'A tablet',
  phone: 'A mobile phone',
  letter: 'A letter',
  message: 'A phone with a message on it',
  tap: 'A finger taps a button',
  call: 'A person on the screen of a tablet',
  name: 'A box with a name typed into it',
  allow: 'A box with a button that says Allow',
  camera: 'A camera',
  microphone: 'A microphone',
  sound: 'A loudspeaker with sound coming out',
  headphones: 'Headphones',
  wait: 'A clock',
  leave: 'A red button with a telephone on it',
  ring: 'A telephone that rings',
  room: 'A closed door',
  light: 'A lamp shining on a face',
  wifi: 'The Wi-Fi sign',
  battery: 'A battery that is nearly empty',
  charger: 'A plug with a cable',
  full: 'A battery that is full',
  password: 'A padlock',
  restart: 'An arrow that goes round in a circle',
  help: 'Two people; one helps the other',
  stop: 'A hand held up to say stop',
  see: 'An open eye',
  'not-see': 'An eye that is crossed out',
  yes: 'A tick',
  no: 'A cross',
} as const

export type PictureName = keyof typeof pictures

export const pictureFile = (name: PictureName) => `pictures/${name}.svg`

/** Plain letters only: the times of their words are told by the place of each word in the text. */
export const SENTENCES: readonly string[] = [
  'The old man walked slowly along the river and looked at the boats',
  'Nobody knows exactly when the first people came to this island',
  'She opened the letter read it twice and put it back into the drawer',
  'The train to the city leaves every morning at half past seven',
  'We need more time before we can answer all of these questions',
  'The mountain road is closed in winter because of heavy snow',
  'My brother bought a new computer and sold his old one to a friend',
  'The doctor told him to drink more water and to sleep eight hours',
  'They built a small house of wood and stone near the forest',
  'After the concert everybody went home through the rain',
  'A good teacher explains the same thing in many different ways',
  'The children were playing football behind the school when it started to rain',
  'He could not find his keys although he had looked everywhere',
  'Most of the work was finished before the end of the summer',
  'Please close the window because it is getting cold in here',
  'The museum shows paintings from the last two hundred years',
  'Her grandmother used to tell wonderful stories about the sea',
  'It takes about an hour to drive from the airport to the hotel',
  'The company plans to open three new offices next year',
  'Fresh bread and strong coffee are all I want for breakfast',
  'The farmer sold his horses and moved to a smaller village',
  'Several people saw the light but nobody could explain it',
  'You should always read a contract carefully before you sign it',
  'The river was so wide that we could hardly see the other side',
  'Two young doctors travelled with them to the northern border',
  'The market opens early and most of the fish is gone by noon',
  'Our neighbours planted apple trees along the garden wall',
  'This old piano has not been played for more than twenty years',
  'The captain ordered the crew to bring the ship back to harbour',
  'Every student received a book and a letter from the director',
  'The president of the club thanked all members for their patience',
  'A strong wind from the west carried the smoke across the valley',
];

/** Speakers of espeak-ng; sentence by sentence in turn, and so are the speeds (words a minute). */
export const VOICES = ['en-us', 'en-us+f2', 'en-us+m3', 'en-us+f4'] as const;
export const SPEEDS = [130, 150, 170] as const;

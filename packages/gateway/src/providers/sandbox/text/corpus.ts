/**
 * The texts that the base model is counted from. Written for this project only, so nobody else has rights in them. The subjects are those
 * that people try a generation service with; phrases are repeated on purpose, so that sentences can branch.
 */
export const CORPUS: readonly string[] = [
  `The studio opens at seven in the morning. The light comes through the tall windows and falls on the wooden floor. Nobody speaks
  before the first coffee is made. The camera stands on its tripod in the middle of the room, and the microphone hangs above the
  table like a small grey bird. Every morning the same person checks the cables, wipes the lens and writes the plan of the day on
  the wall. A good plan is short. It says what we want to show, who is in the picture and when the light is right. The rest of the
  work is patience. A photograph is made in a moment, but the moment has to be found, and the best way to find it is to wait with
  open eyes.`,

  `Light is the first thing that a painter learns and the last thing that a painter understands. In the morning the light is cool
  and blue. At noon it is hard, and the shadows are short. In the evening the light is warm, the shadows are long, and even a plain
  wall looks like a memory. A soft light from the side shows the shape of a face. A hard light from above shows every line. When the
  light is behind the subject, the edges glow and the picture becomes quiet. A lamp with a paper shade makes a small room feel
  kind. A candle makes a large room feel close. If you want to learn about light, look at one cup on one table for a whole day and
  draw what you see every hour.`,

  `A camera is a dark box with a small window. Everything else is comfort. The lens gathers the light, the shutter measures the
  time, and the sensor keeps what it has seen. A wide lens shows the whole street and makes the sky large. A long lens brings the
  mountain close and makes the distance small. For a portrait, open the lens and let the background become soft. For a landscape,
  close the lens and let every stone be sharp. Hold the camera with both hands, breathe out, and press the button slowly. The best
  camera is the one that you carry with you. The second best camera is the one that makes you walk a little further.`,

  `The city wakes up in layers. First come the bakers, then the buses, then the children with their heavy bags. The streets are wet
  and the windows of the cafés are bright. A tram turns the corner and rings its bell. On the bridge an old man feeds the birds, as
  he does every day, and the birds wait for him, as they do every day. At noon the city is loud. In the evening the city is
  golden, and the tall houses carry the last light on their roofs like snow. At night the rain draws long lines of colour on the
  road, red and green and yellow, and the people walk home through the picture without looking at it. A city is never finished.
  Somebody is always painting a door, planting a tree or opening a small shop with a large name.`,

  `The sea is never the same and never different. In the morning it is flat and silver, and the boats lie on it as if they were
  drawn with a pencil. At noon the wind comes, and the waves carry small white flags. In the evening the sea is dark and the sky
  is bright, and for a few minutes nobody can say where one ends and the other begins. The lighthouse turns its slow eye over the
  water. A fisherman mends his net on the harbour wall and tells the children about a storm that lasted three days. The gulls know
  the hour of every boat. When the tide goes out, the beach becomes a wide mirror, and the clouds walk over it with bare feet. Far
  out a ship moves so slowly that it seems to be thinking.`,

  `Cooking begins with listening. The onion is ready when it stops hissing and starts to whisper. Warm the oil, add the garlic, and
  wait until the kitchen smells like a summer evening. A soup needs time, salt and a quiet cook. Cut the carrots small, let the
  lentils simmer, and add the lemon at the end. Bread is flour, water, salt and time, and time is the most important of the four.
  Fold the dough, let it rest, and fold it again. When the crust is brown and the bread sounds hollow, it is done. A good meal does
  not have to be large. A ripe tomato, a little oil and a slice of fresh bread are enough for a happy table. Always taste before
  you serve, and always keep a chair for a guest.`,

  `In spring the garden wakes up before the gardener. The first green is shy and the second green is loud. The apple tree flowers
  for a week, and the bees work as if they were paid by the hour. In summer the days are long and the shade is a place to live. The
  grass is dry, the fruit is sweet, and the evening smells of warm stone. In autumn the leaves turn red and yellow and the air
  becomes clear. The fields are empty, the kitchens are full, and everybody talks about apples. In winter the snow makes the world
  simple. Every sound is soft, every line is clean, and a lamp in a window can be seen from far away. Each season believes that it
  is the last word, and each season is a little bit right.`,

  `Music is time that has been given a shape. A melody is a line that goes for a walk, and the harmony is the landscape around it.
  The drummer counts to four and the room begins to move. A piano in an empty hall sounds like a question. A violin in a small
  kitchen sounds like an answer. When we record a song, we listen for the silence first, because the silence is the paper on which
  the music is drawn. Put the microphone close to the voice, and the song becomes a secret. Put the microphone far away, and the
  song becomes a place. The best take is often the one before the last one. Nobody plays it quite right, and everybody is smiling.`,

  `A film is made three times. It is written at a table, it is shot in the rain, and it is found in the editing room. The first
  shot tells us where we are. The second shot tells us who is there. The third shot asks a question, and the rest of the film is
  the answer. Move the camera slowly, or do not move it at all. A slow pan over the hills, a close view of two hands, a door that
  opens by itself: the eye loves to wait for something. Sound is half of the picture. The steps on the gravel, the wind in the
  wires and the far train make the scene true. Cut when the eye has understood and before the eye is bored. In the end the film
  should feel shorter than it is.`,

  `The train leaves the city and the windows fill with fields. A river runs beside the tracks for a while and then turns away, as if
  it had remembered something. The mountains stand at the edge of the picture and come closer without moving. In the dining car a
  woman reads a letter and smiles. A child counts the bridges and finds one more than yesterday. The stations have short names and
  long platforms. At every stop somebody arrives and somebody is missed. Travel slowly if you can. A slow road shows you how one
  place becomes another place, and how the bread, the roofs and the songs change on the way. In the evening the train reaches the
  coast, and the sea is there, quiet and blue, as if it had been waiting.`,

  `The forest is older than the road and does not care about it. The path goes between tall trees, over soft moss and under a green
  roof that lets the light fall in small coins. A deer looks up and the whole forest holds its breath. After the rain the air smells
  of earth and pine. The river is cold and clear, and every stone in it is round, because the water has time. In the mountains the
  weather is a story with a quick end. The clouds come over the ridge, the wind turns, and the valley is gone. Then the sun breaks
  through, and a rainbow stands over the village as if somebody had ordered it. Walk early, carry water, and turn back while the
  way home is still a pleasure.`,

  `A picture made by a machine begins with words. Say what is in the picture, where the light comes from and how it should feel. A
  red fox in the snow at sunrise is a better beginning than a beautiful animal. A good prompt is short and clear. It names the
  subject, the place, the light and the colours, and it leaves room for a surprise. The model has seen many pictures, but it has
  never been cold, and it has never waited for a bus. So tell it about the steam over the cup, the scarf on the chair and the
  window that is blue with evening. Try again with another seed and compare the two pictures side by side. Keep the one that you
  would hang on your wall. The machine is fast, but the choice is yours.`,

  `Colour is a conversation. Blue steps back and red steps forward. Yellow is happy next to grey and nervous next to green. A small
  spot of orange can carry a large dark picture. The painter mixes the colours on an old plate and never makes the same green
  twice. Black is not empty, and white is never only white. Look at the snow in the evening: it is blue in the shadow, pink on the
  roof and gold under the lamp. A designer chooses three colours and stays with them. The first colour speaks, the second colour
  listens, and the third colour is used once, for the button that matters. When the page feels loud, take something away. When the
  page feels empty, wait a day before you add anything.`,

  `The robot in our workshop is small, round and very polite. It carries the tools from the bench to the shelf and says good morning
  to the plants. At first nobody trusted it. Then it found the missing screw under the stove, and now it has a name. The workshop
  smells of wood, oil and tea. On the wall hang the drawings of things that were never built: a kite with a lamp, a boat with
  wheels, a clock for cats. Building something new is mostly building it again. The first version shows that it is possible. The
  second version shows what was wrong. The third version is the one that people use. Keep the first one anyway, because it is the
  one that everybody smiles at.`,

  `At night the sky over the hills is so clear that the stars seem to make a sound. The moon rises behind the old tower and paints
  the road white. An astronaut, they say, sees sixteen sunrises every day and misses the smell of rain. The telescope in the garden
  shows the rings of a planet, small and perfect, like a drawing on a coin. The light of that star left it before the village was
  built. It has travelled all this way to end in one open eye. A cat walks along the wall and does not look up. The world is large,
  the tea is warm, and in the morning the light will come through the window again.`,
];

"use strict";
// Everything begins here, once the engine runs.
heed.ready = (async () => {
  for (const part of [heed.look, heed.player, heed.microscope, heed.contest, heed.pictures, heed.gradients, heed.tape]) part.build();
  try {
    await heed.engine.start();
    heed.training.build(await heed.engine.ask("choices"));
    await heed.training.begin();
  } catch (error) {
    heed.trouble(`The page could not start: ${error.message}`);
  }
})();

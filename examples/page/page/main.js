"use strict";
// Everything begins here, once the engine runs.
// A figure of the book is this page with some of its parts: heed.html#only=train,player.
heed.show_only = (names) => {
  document.body.classList.toggle("figure", names !== null);
  for (const part of document.querySelectorAll("main > section")) part.hidden = names !== null && !names.includes(part.id);
};
heed.show_only(/^#only=([\w,]+)$/.exec(location.hash)?.[1].split(",") ?? null);
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

"use strict";
// The Worker: heed itself, behind a door of text. It gets the program first, then requests, which it answers in order.
let ask = null;

// A request as JSON text gives an answer as JSON text.
const door = (module) => (request) => {
  const size = module.lengthBytesUTF8(request) + 1, place = module._malloc(size);
  module.stringToUTF8(request, place, size);
  const answer = module.UTF8ToString(module._heed_answer(place));
  module._free(place);
  return answer;
};

if (typeof onmessage !== "undefined") {
  onmessage = async ({ data }) => {
    if (data.program) {
      try {
        ask = door(await heedModule({ wasmBinary: data.program }));
        postMessage({ id: 0, answer: "{}" });
      } catch (error) {
        postMessage({ id: 0, answer: JSON.stringify({ error: `this browser cannot run the engine: ${error}` }) });
      }
      return;
    }
    const begin = performance.now();
    let answer;
    try {
      answer = ask(data.request);
    } catch (error) {
      answer = JSON.stringify({ error: `the engine stopped (${error}); load the page again` });
    }
    postMessage({ id: data.id, answer, ms: performance.now() - begin });
  };
}

"use strict";
// The Worker: heed itself, behind a door of text. It gets the program first, in the page of a run its bytes, then requests and
// pictures, which it answers in order.
let ask = null, take = null, see = null;

// A request as JSON text gives an answer as JSON text.
const door = (module) => (request) => {
  const size = module.lengthBytesUTF8(request) + 1, place = module._malloc(size);
  module.stringToUTF8(request, place, size);
  const answer = module.UTF8ToString(module._heed_answer(place));
  module._free(place);
  return answer;
};

// Bytes that the engine is to use(place).
const handed = (module, bytes, use) => {
  const place = module._malloc(bytes.byteLength);
  module.HEAPU8.set(new Uint8Array(bytes), place);
  const answer = module.UTF8ToString(use(place));
  module._free(place);
  return answer;
};

// The bytes of a run give what there is to be told about it, as JSON text; and a picture's are looked at.
const entrance = (module) => (run) => handed(module, run, (place) => module._heed_take(place, run.byteLength));
const sight = (module) => ({ width, height, pixels }) => handed(module, pixels, (place) => module._heed_see(width, height, place));

if (typeof onmessage !== "undefined") {
  onmessage = async ({ data }) => {
    if (data.program) {
      try {
        const module = await heedModule({ wasmBinary: data.program });
        ask = door(module);
        take = entrance(module);
        see = sight(module);
        postMessage({ id: 0, answer: "{}" });
      } catch (error) {
        postMessage({ id: 0, answer: JSON.stringify({ error: `this browser cannot run the engine: ${error}` }) });
      }
      return;
    }
    const begin = performance.now();
    let answer;
    try {
      answer = data.run ? take(data.run) : data.picture ? see(data.picture) : ask(data.request);
    } catch (error) {
      answer = JSON.stringify({ error: `the engine stopped (${error}); load the page again` });
    }
    postMessage({ id: data.id, answer, ms: performance.now() - begin });
  };
}

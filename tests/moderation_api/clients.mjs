// The npm clients, unchanged, against the server at process.argv[2]; prints one JSON object.
// argv: URL, the keys "all", "narrow" (Perspective alone) and "slow" (two requests a minute, three texts a day), and
// the folder that holds node_modules.
import http from "node:http";
import { createRequire } from "node:module";

const [, , url, key, narrow, slow, folder] = process.argv;
const require = createRequire(`${folder}/`);

// This client has Perspective's address written into it; an interceptor is the one changed line.
const axios = require("axios");
axios.interceptors.request.use((config) => ({ ...config, url: config.url.replace(/^https:\/\/[^/]+/, url) }));
const Perspective = require("perspective-api-client");
const { OpenAI } = require("openai");

const perspective = new Perspective({ apiKey: key });
const client = (apiKey, more = {}) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, ...more });
const openai = client(key);
const failure = (promise) => promise.then(() => "no error", (error) => error);
const told = async (promise) => {
  const error = await failure(promise);
  return [error.constructor.name, error.status, error.code];
};
const moderate = (input, more = {}) => openai.moderations.create({ input, ...more });
const threat = "I will kill you tonight.";

// Counts what a client sends; answers the first request as a server that is busy, where it is asked to.
async function counting(busyFirst, use) {
  let sent = 0;
  const proxy = http.createServer((request, response) => {
    sent += 1;
    if (busyFirst && sent === 1) {
      response.writeHead(503, { "retry-after": "0", "content-type": "application/json" });
      return response.end('{"error":{"message":"busy","type":"server_error","param":null,"code":"busy"}}');
    }
    const onward = http.request(url + request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${proxy.address().port}/v1`;
  const result = await use((apiKey) => new OpenAI({ baseURL, apiKey, maxRetries: 2 }));
  proxy.closeAllConnections();
  proxy.close();
  return { sent, result };
}

const sentences = { comment: { text: `${threat} Good morning.` }, spanAnnotations: true };
const several = await moderate([threat, "Good morning."]);
const parts = await moderate([{ type: "text", text: threat }]);
const hundred = await moderate(Array(100).fill("Good morning."));
const image = [{ type: "image_url", image_url: { url: "https://x.example/y.png" } }];
const busy = await counting(true, async (through) => (await through(key).moderations.create({ input: threat })).results);
const spent = await counting(false, (through) => told(through(slow).moderations.create({ input: Array(4).fill("x") })));
// A minute may begin in between: its two requests are then there once more.
let often = [];
for (let tries = 0; tries < 6 && !often.includes(429); tries += 1) often = await told(client(slow).models.list());

console.log(JSON.stringify({
  perspective: (await perspective.analyze(threat, { attributes: ["threat"] })).attributeScores.THREAT.summaryScore,
  perspectiveSpans: (await perspective.analyze(sentences, { attributes: ["threat"] })).attributeScores.THREAT.spanScores.length,
  perspectiveRefused: (await failure(perspective.analyze(threat, { attributes: ["nonsense"] }))).message,
  perspectiveEmpty: (await failure(perspective.analyze("", { attributes: ["threat"] }))).constructor.name,
  perspectiveBadKey: (await failure(new Perspective({ apiKey: "wm_wrong" }).analyze(threat, { attributes: ["threat"] })))
    .response.status,
  flagged: several.results.map((result) => result.flagged),
  parts: parts.results.map((result) => result.flagged),
  hundred: hundred.results.length,
  models: (await openai.models.list()).data.map((model) => model.id),
  model: (await openai.models.retrieve("omni-moderation-latest")).object,
  image: await told(moderate(image)),
  badKey: await told(client("wm_wrong").moderations.create({ input: "x" })),
  noScope: await told(client(narrow).moderations.create({ input: "x" })),
  noModel: await told(moderate("x", { model: "gpt-9" })),
  noSuchModel: await told(openai.models.retrieve("gpt-9")),
  tooMany: await told(moderate(Array(1001).fill("x"))),
  tooLong: await told(moderate("x".repeat(2_000_001))),
  tooOften: often,
  busy: [busy.sent, busy.result[0].flagged],
  spent: [spent.sent, ...spent.result],
}));

// The npm clients, unchanged, against the server at process.argv[2] with the key in process.argv[3]; prints JSON.
import { createRequire } from "node:module";

const [, , url, key, folder] = process.argv;
const require = createRequire(`${folder}/`);

// This client has Perspective's address written into it; an interceptor is the one changed line.
const axios = require("axios");
axios.interceptors.request.use((config) => ({ ...config, url: config.url.replace(/^https:\/\/[^/]+/, url) }));
const Perspective = require("perspective-api-client");
const perspective = new Perspective({ apiKey: key });

const OpenAI = require("openai").OpenAI;
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });

const failure = (promise) => promise.then(() => "no error", (error) => error);
const threat = "I will kill you tonight.";
const wrong = new OpenAI({ baseURL: `${url}/v1`, apiKey: "wm_wrong", maxRetries: 0 });
const several = await openai.moderations.create({ input: [threat, "Good morning."] });
const image = [{ type: "image_url", image_url: { url: "https://x.example/y.png" } }];

console.log(JSON.stringify({
  perspective: (await perspective.analyze(threat, { attributes: ["threat"] })).attributeScores.THREAT.summaryScore,
  perspectiveRefused: (await failure(perspective.analyze(threat, { attributes: ["nonsense"] }))).message,
  flagged: several.results.map((result) => result.flagged),
  models: (await openai.models.list()).data.map((model) => model.id),
  image: (await failure(openai.moderations.create({ input: image }))).code,
  badKey: (await failure(wrong.moderations.create({ input: "x" }))).status,
}));

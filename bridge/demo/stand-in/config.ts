import { askPrefix } from "./tool-calls";

/**
 * The OpenCode configuration that makes the stand-in its only model: pass it as JSON in OPENCODE_CONFIG_CONTENT.
 * `url` is the stand-in's. The prices make costs visible; everything that would reach for the network is off.
 */
export function standInConfig(url: string): Readonly<Record<string, unknown>> {
  return {
    autoupdate: false,
    share: "disabled",
    lsp: false,
    formatter: false,
    model: "standin/model",
    small_model: "standin/model",
    enabled_providers: ["standin"],
    provider: {
      standin: {
        npm: "@ai-sdk/openai-compatible",
        name: "Stand-in",
        options: { baseURL: `${url}/v1`, apiKey: "none" },
        models: {
          model: {
            name: "Stand-in",
            tool_call: true,
            // Tokens.
            limit: { context: 200_000, output: 32_000 },
            // Dollars a million tokens.
            cost: { input: 1, output: 5 },
          },
        },
      },
    },
    permission: { edit: "allow", bash: { "*": "allow", [`${askPrefix}*`]: "ask" } },
  };
}

/** A loopback port that refuses: nothing listens on port 1. */
const refusedUrl = "http://127.0.0.1:1/";

/** Environment that keeps OpenCode 1.18.33 off the network; its background install of plugins fails fast and harmlessly. */
export function quietEnvironment(): Record<string, string> {
  return {
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_SHARE: "1",
    npm_config_registry: refusedUrl,
    npm_config_fetch_retries: "0",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
}

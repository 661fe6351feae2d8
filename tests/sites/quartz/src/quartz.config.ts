import { QuartzConfig } from "./quartz/cfg"
import * as Plugin from "./quartz/plugins"

const config: QuartzConfig = {
  configuration: {
    pageTitle: "Bread Garden",
    enableSPA: true,
    locale: "en-US",
    baseUrl: "bread.example/garden",
    ignorePatterns: ["private", "templates", ".obsidian", "**/*.tmp.md"],
  },
  plugins: {
    transformers: [
      Plugin.FrontMatter(),
      Plugin.ObsidianFlavoredMarkdown({ enableInHtmlEmbed: false }),
      Plugin.GitHubFlavoredMarkdown(),
      Plugin.CrawlLinks({ markdownLinkResolution: "shortest" }),
    ],
    filters: [Plugin.RemoveDrafts()],
    emitters: [Plugin.AliasRedirects(), Plugin.ContentPage(), Plugin.FolderPage()],
  },
}

export default config

//! The door for agents: the Model Context Protocol, by stdio and by streamable HTTP.
//!
//! Five read-only tools dress answers of the table of questions as lines, since an agent pays for each token: a plan of
//! thirteen steps is some five hundred tokens so, and eight times that as JSON. Concepts and guides are resources, too, and one
//! prompt begins a study plan. Who asks is decided where it is for every request: the view that comes in holds nothing that
//! the viewer may not see.

mod ask;
mod budget;
mod config;
mod fetch;
mod learning_path;
mod neighbors;
mod resources;
mod search;
mod whats_next;

use std::borrow::Cow;
use std::future::Future;
use std::sync::{Arc, LazyLock};

use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CustomRequest, CustomResult,
    ErrorCode, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServiceExt};
use rmcp::{ErrorData, ServerHandler};
use serde::Deserialize;

use ask::{Arguments, ToolError};

pub(crate) use config::{Client, print_config};

/// What an agent reads about the server when it connects.
const INSTRUCTIONS: &str = "Learning content as a graph of prerequisites. Find ids with search, read with fetch. learning_path orders \
     what to study; neighbors and whats_next tell what stands around and what comes next. Names work wherever ids do.";

/// How long a client may keep the lists of tools and prompts: they change with the program only.
const LIST_TTL_MS: u64 = 3_600_000;

/// What the methods take whose parameters can be of the wrong shape.
const SHAPES: [(&str, &str); 3] = [
    ("tools/call", "`name` is a text and `arguments` an object"),
    ("prompts/get", "`name` is a text and `arguments` an object"),
    ("resources/read", "`uri` is a text"),
];

/// Where a request's answer comes from.
pub(crate) trait Pin: Clone + Send + Sync + 'static {
    /// Runs `work` on the view that the request may see.
    fn run<T, W>(
        &self,
        context: &RequestContext<RoleServer>,
        work: W,
    ) -> impl Future<Output = Result<T, ErrorData>> + Send
    where
        T: Send + 'static,
        W: FnOnce(&View) -> T + Send + 'static;
}

/// The server, answering from what `P` pins.
#[derive(Clone)]
pub(crate) struct McpServer<P> {
    pin: P,
}

impl<P: Pin> McpServer<P> {
    /// A server that answers from what `pin` pins for each request.
    pub(crate) fn new(pin: P) -> Self {
        Self { pin }
    }
}

/// One snapshot and one viewer, for as long as the client stays: what a command reads is read once.
#[derive(Clone)]
struct Fixed(Arc<Snapshot>, Viewer);

impl Pin for Fixed {
    async fn run<T, W>(&self, _: &RequestContext<RoleServer>, work: W) -> Result<T, ErrorData>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> T + Send + 'static,
    {
        let Self(snapshot, viewer) = self.clone();
        let done = tokio::task::spawn_blocking(move || work(snapshot.view(viewer))).await;
        done.map_err(|_| ErrorData::internal_error("this question could not be answered", None))
    }
}

/// Serves `snapshot` to `viewer` over standard input and output until the client goes.
///
/// # Errors
/// If the client does not speak the protocol, or the streams break.
pub(crate) async fn serve_stdio(snapshot: Arc<Snapshot>, viewer: Viewer) -> anyhow::Result<()> {
    let server = McpServer::new(Fixed(snapshot, viewer));
    server.serve(rmcp::transport::stdio()).await?.waiting().await?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolText {
    name: String,
    description: String,
    input_schema: Arguments,
}

/// The tools as they are listed. Their schemas are written by hand: derived ones say the same with a third more tokens.
static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    let texts: Vec<ToolText> = serde_json::from_str(include_str!("tools.json")).unwrap_or_default();
    let hints = ToolAnnotations::new().read_only(true).idempotent(true).open_world(false);
    let tool =
        |text: ToolText| Tool::new(text.name, text.description, text.input_schema).with_annotations(hints.clone());
    texts.into_iter().map(tool).collect()
});

/// Asks `view` by the tool called `name`; `None` if there is no such tool.
fn call(view: &View, name: &str, arguments: Arguments) -> Option<Result<String, ToolError>> {
    let tool = match name {
        "search" => search::search,
        "fetch" => fetch::fetch,
        "learning_path" => learning_path::learning_path,
        "neighbors" => neighbors::neighbors,
        "whats_next" => whats_next::whats_next,
        _ => return None,
    };
    Some(tool(view, arguments))
}

impl<P: Pin> ServerHandler for McpServer<P> {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("gradus", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        TOOLS.iter().find(|tool| tool.name == name).cloned()
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = ListToolsResult::with_all_items(TOOLS.clone());
        Ok(tools.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Public))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let (name, arguments) = (request.name, request.arguments.unwrap_or_default());
        let tool = name.clone();
        let answer = self.pin.run(&context, move |view| call(view, &tool, arguments)).await?;
        Ok(result(&name, answer).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|page| page.cursor);
        self.pin.run(&context, move |view| resources::list(view, cursor.as_deref())).await?
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        self.pin.run(&context, move |view| resources::read(view, &request.uri)).await?.map(Into::into)
    }

    /// What cannot be read as a request of the protocol comes here: a method that is not there, and one that is there whose
    /// parameters have the wrong shape.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let Some((_, shape)) = SHAPES.iter().find(|(method, _)| *method == request.method) else {
            return Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None));
        };
        Err(ErrorData::invalid_params(format!("the parameters of {} cannot be read: {shape}", request.method), None))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(vec![resources::study_plan()]).with_ttl_ms(LIST_TTL_MS))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        resources::prompt(&request).map(Into::into)
    }
}

/// What the agent is told: the answer, or what to ask instead.
fn result(name: &str, answer: Option<Result<String, ToolError>>) -> CallToolResult {
    let told: Cow<'static, str> = match answer {
        Some(Ok(text)) => return CallToolResult::success(vec![ContentBlock::text(text)]),
        Some(Err(ToolError::Refused(why))) => why.into(),
        Some(Err(ToolError::Failed(failure))) => {
            tracing::error!(error = gradus_engine::host::explain(&failure), tool = name, "a tool failed");
            "This question could not be answered; it is our fault and was logged.".into()
        }
        None => {
            let names: Vec<&str> = TOOLS.iter().map(|tool| &*tool.name).collect();
            format!("There is no tool called '{name}'. There are {}.", names.join(", ")).into()
        }
    };
    CallToolResult::error(vec![ContentBlock::text(told)])
}

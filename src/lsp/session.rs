//! A session with an editor: its documents, its sources, and the messages in their order.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use ls_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    PublishDiagnosticsParams, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Ended;
use super::document::{Carried, OpenDocument};
use super::loading::{LoadOutcome, load};
use super::open::OpenFiles;
use super::report::diagnostic;
use super::requests;
use super::text::LinedText;
use super::transport::{Event, Outgoing};
use super::workspace::file_of;
use super::world::OpenTexts;

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    Running,
    ShutDown,
}

/// A session.
pub(super) struct Session {
    stage: Stage,
    open: OpenFiles,
    /// Events that have come and are not handled yet.
    waiting: VecDeque<Event>,
    events: Sender<Event>,
    out: Outgoing,
    /// Whether the editor can be asked to watch files.
    watches: bool,
}

impl Session {
    pub(super) fn new(given: Option<PathBuf>, events: Sender<Event>, out: Outgoing) -> Self {
        let given = given.map(|path| std::path::absolute(&path).unwrap_or(path));
        Self {
            stage: Stage::New,
            open: OpenFiles { given, ..OpenFiles::default() },
            waiting: VecDeque::new(),
            events,
            out,
            watches: false,
        }
    }

    /// Handles events until the editor goes.
    ///
    /// # Errors
    /// If nothing can be written to the editor any more.
    pub(super) fn run(mut self, incoming: &Receiver<Event>) -> io::Result<Ended> {
        loop {
            self.waiting.extend(incoming.try_iter());
            let event = match self.waiting.pop_front() {
                Some(event) => event,
                None => match self.until_due() {
                    None => incoming.recv().unwrap_or(Event::Closed),
                    Some(left) => match incoming.recv_timeout(left) {
                        Ok(event) => event,
                        Err(RecvTimeoutError::Disconnected) => Event::Closed,
                        Err(RecvTimeoutError::Timeout) => {
                            self.load_what_is_due();
                            continue;
                        }
                    },
                },
            };
            match event {
                Event::Closed => return Ok(Ended::Abruptly),
                Event::Malformed(why) => self.out.refuse_malformed(&why)?,
                Event::Loaded(outcome) => self.loaded(*outcome)?,
                Event::Message(Message::Response(_)) => {}
                Event::Message(Message::Request(request)) => self.request(request)?,
                Event::Message(Message::Notification(told)) if told.method == "exit" => {
                    return Ok(if self.stage == Stage::ShutDown { Ended::AsAsked } else { Ended::Abruptly });
                }
                Event::Message(Message::Notification(told)) => self.notification(told)?,
            }
        }
    }

    /// How long until the next load is to begin.
    fn until_due(&self) -> Option<Duration> {
        let idle = self.open.sources.iter().filter(|source| !source.is_loading);
        idle.filter_map(|source| source.due).min().map(|due| due.saturating_duration_since(Instant::now()))
    }

    fn load_what_is_due(&mut self) {
        let now = Instant::now();
        for (idx, source) in self.open.sources.iter_mut().enumerate() {
            if !source.is_loading && source.due.is_some_and(|due| due <= now) {
                (source.due, source.is_loading) = (None, true);
                let own = self.open.documents.values().filter(|document| document.source == idx);
                let texts: OpenTexts =
                    own.map(|document| (document.name.clone(), Arc::clone(&document.text))).collect();
                let events = self.events.clone();
                // The session may have ended meanwhile.
                load(idx, source.input(), texts, move |outcome| {
                    events.send(Event::Loaded(Box::new(outcome))).unwrap_or_default();
                });
            }
        }
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        let answer = match (self.stage, method.as_str()) {
            _ if self.is_cancelled(&id) => Err((ErrorCode::RequestCanceled, "the request was cancelled".to_owned())),
            (Stage::New, "initialize") => self.initialize(&params),
            (Stage::New, _) => Err((ErrorCode::ServerNotInitialized, "`initialize` comes first".to_owned())),
            (Stage::ShutDown, _) => Err((ErrorCode::InvalidRequest, "the server is shut down".to_owned())),
            (Stage::Running, "initialize") => {
                Err((ErrorCode::InvalidRequest, "the server is initialized already".to_owned()))
            }
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Running, _) => requests::answer(&mut self.open, &method, params),
        };
        self.out.respond(id, answer)
    }

    /// Whether the editor has taken back a request before it was begun.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        let id = json!(id);
        self.waiting.iter().any(|event| match event {
            Event::Message(Message::Notification(told)) => {
                told.method == "$/cancelRequest" && told.params.get("id") == Some(&id)
            }
            _ => false,
        })
    }

    fn initialize(&mut self, params: &Value) -> Result<Value, (ErrorCode, String)> {
        let (folders, watches) = requests::client(params);
        (self.open.folders, self.watches, self.stage) = (folders, watches, Stage::Running);
        Ok(requests::capabilities())
    }

    fn notification(&mut self, told: Notification) -> io::Result<()> {
        if self.stage != Stage::Running {
            return Ok(());
        }
        match told.method.as_str() {
            "initialized" if self.watches => self.out.ask("client/registerCapability", requests::watching()),
            "textDocument/didOpen" => self.read(told).map_or(Ok(()), |params| self.open(params)),
            "textDocument/didChange" => self.read(told).map_or(Ok(()), |params| self.change(params)),
            "textDocument/didSave" => {
                if let Some(DidSaveTextDocumentParams { text_document, .. }) = self.read(told) {
                    self.load_source_of(&text_document.uri);
                }
                Ok(())
            }
            "textDocument/didClose" => self.read(told).map_or(Ok(()), |params| self.close(&params)),
            "workspace/didChangeWatchedFiles" => {
                self.files_changed(&told.params);
                Ok(())
            }
            "workspace/didChangeWorkspaceFolders" => {
                self.folders_changed(&told.params);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The parameters of a notification; what cannot be read is logged, since nobody waits for an answer.
    fn read<P: DeserializeOwned>(&mut self, told: Notification) -> Option<P> {
        match serde_json::from_value(told.params) {
            Ok(params) => Some(params),
            Err(why) => {
                tracing::warn!(method = told.method, %why, "a notification cannot be read");
                None
            }
        }
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) -> io::Result<()> {
        let opened = params.text_document;
        // Only files belong to a source.
        let Some(path) = file_of(&opened.uri) else { return Ok(()) };
        let source = self.open.source_for(&path);
        let Some(name) = self.open.sources[source].name_of(&path) else { return Ok(()) };
        let document = OpenDocument {
            name,
            source,
            version: opened.version,
            text: Arc::new(LinedText::new(opened.text)),
            sheet: None,
            carried: Carried::default(),
        };
        self.open.documents.insert(opened.uri.clone(), document);
        self.carry(&opened.uri);
        let loaded = self.open.documents.get(&opened.uri).and_then(|document| {
            let world = self.open.sources[source].world.as_ref()?;
            Some(world.loaded_text(&document.name)? == document.text.as_str())
        });
        if loaded != Some(true) {
            self.open.sources[source].load_soon();
        }
        self.publish(&opened.uri)
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.uri;
        let Some(document) = self.open.documents.get_mut(&uri) else { return Ok(()) };
        for change in &params.content_changes {
            document.text = Arc::new(document.text.changed(change));
        }
        document.version = params.text_document.version;
        self.open.sources[document.source].load_after_pause();
        // Whoever types fast is told of the last state alone.
        if self.is_changed_again(&uri) { Ok(()) } else { self.publish(&uri) }
    }

    /// Whether a further change of the document at `uri` has come already, before anybody asks for anything.
    fn is_changed_again(&self, uri: &Uri) -> bool {
        let is_own = |told: &Notification| {
            let own = told.params.get("textDocument").and_then(|document| document.get("uri"));
            told.method == "textDocument/didChange" && own.and_then(Value::as_str) == Some(uri.as_str())
        };
        matches!(self.waiting.front(), Some(Event::Message(Message::Notification(told))) if is_own(told))
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) -> io::Result<()> {
        let uri = &params.text_document.uri;
        self.load_source_of(uri);
        if self.open.documents.remove(uri).is_none() {
            return Ok(());
        }
        let none = PublishDiagnosticsParams { uri: uri.clone(), diagnostics: Vec::new(), version: None };
        self.out.notify("textDocument/publishDiagnostics", none)
    }

    fn load_source_of(&mut self, uri: &Uri) {
        if let Some(document) = self.open.documents.get(uri) {
            self.open.sources[document.source].load_soon();
        }
    }

    fn files_changed(&mut self, params: &Value) {
        let changes = params.get("changes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let uris = changes.iter().filter_map(|change| change.get("uri")?.as_str()?.parse::<Uri>().ok());
        for path in uris.filter_map(|uri| file_of(&uri)).collect::<BTreeSet<_>>() {
            for source in self.open.sources.iter_mut().filter(|source| path.starts_with(&source.root)) {
                source.load_soon();
            }
        }
    }

    fn folders_changed(&mut self, params: &Value) {
        let listed = |name: &str| requests::folders(params.get("event").and_then(|event| event.get(name)));
        let removed = listed("removed");
        self.open.folders.retain(|folder| !removed.contains(folder));
        self.open.folders.extend(listed("added"));
    }

    /// Takes what was loaded, and tells of every document of the source what is so now.
    fn loaded(&mut self, outcome: LoadOutcome) -> io::Result<()> {
        let LoadOutcome { source: idx, world, took } = outcome;
        let source = &mut self.open.sources[idx];
        (source.is_loading, source.took) = (false, took);
        match world {
            Ok(world) => {
                let old = source.world.replace(world);
                // To free so many pages takes longer than a keystroke may.
                std::thread::spawn(move || drop(old));
            }
            Err(why) => {
                let message = format!("{}: {}", source.root.display(), gradus_engine::host::explain(&why));
                self.out.notify("window/logMessage", json!({ "type": 2, "message": message }))?;
            }
        }
        let own = self.open.documents.iter().filter(|(_, document)| document.source == idx);
        for uri in own.map(|(uri, _)| uri.clone()).collect::<Vec<_>>() {
            self.carry(&uri);
            self.publish(&uri)?;
        }
        Ok(())
    }

    /// Finds what the last load tells of a document that reading it alone does not.
    fn carry(&mut self, uri: &Uri) {
        let Some(document) = self.open.documents.get_mut(uri) else { return };
        let Some(world) = &mut self.open.sources[document.source].world else { return };
        let Some(text) = world.loaded_text(&document.name) else { return };
        let alone = world.desk.read(&document.name, &text).map(|sheet| sheet.diagnostics).unwrap_or_default();
        document.carried = Carried::between(world.told_of(&document.name), &alone);
    }

    /// Reads a document anew, and tells the editor what is wrong with it.
    fn publish(&mut self, uri: &Uri) -> io::Result<()> {
        let Some(document) = self.open.documents.get_mut(uri) else { return Ok(()) };
        let Some(world) = &mut self.open.sources[document.source].world else { return Ok(()) };
        document.sheet = world.desk.read(&document.name, document.text.as_str());
        let Some(document) = self.open.documents.get(uri) else { return Ok(()) };
        let source = &self.open.sources[document.source];
        let told = self.open.told(document);
        let diagnostics = told.iter().map(|one| diagnostic(source, &document.text, one)).collect();
        let version = Some(document.version);
        self.out.notify(
            "textDocument/publishDiagnostics",
            PublishDiagnosticsParams { uri: uri.clone(), diagnostics, version },
        )
    }
}

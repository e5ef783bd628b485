//! Asking a provider for its schemas: start, one call, stop.

use std::path::Path;
use std::time::Duration;

use schema::pack::terraform::ProviderSchema;
use schema::pack::{Overlay, Packed, pack_terraform};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};

use crate::handshake::{Handshake, Protocol};
use crate::process::Process;
use crate::{PluginError, ProviderIdentity, convert, wire};

/// The largest answer that is taken, in bytes: providers cap their own messages there. Those of large clouds are tens
/// of megabytes, far above the 4 MiB that gRPC clients take by default.
const LARGEST: usize = 256 * 1024 * 1024;

/// How long a provider may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From its start to its line.
    pub start: Duration,
    /// From the call to the whole answer.
    pub answer: Duration,
}

impl Default for Limits {
    /// A minute to start and two to answer: binaries of large clouds are 700 MB and start slowly on a busy machine.
    fn default() -> Self {
        Self { start: Duration::from_secs(60), answer: Duration::from_secs(120) }
    }
}

/// The schemas of a provider, packed: what `infrac schema add BINARY` writes.
pub fn packed_schema(
    binary: &Path,
    identity: &ProviderIdentity,
    overlay: &Overlay,
    limits: Limits,
) -> Result<Packed, PluginError> {
    let provider = provider_schema(binary, limits)?;
    Ok(pack_terraform(&identity.source, &identity.version, &provider, overlay)?)
}

/// The schemas of a provider, as it states them. The process is gone when this returns.
pub fn provider_schema(binary: &Path, limits: Limits) -> Result<ProviderSchema, PluginError> {
    let failed = |reason: std::io::Error| PluginError::Start { binary: binary.into(), reason: reason.to_string() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        tokio::select! {
            answer = ask(binary, limits) => answer,
            // Providers ignore the interrupt that the terminal sends to us both, and would outlive us.
            _ = tokio::signal::ctrl_c() => Err(PluginError::Interrupted),
        }
    })
}

async fn ask(binary: &Path, limits: Limits) -> Result<ProviderSchema, PluginError> {
    let (process, handshake) = Process::start(binary, limits.start).await?;
    let answer = match tokio::time::timeout(limits.answer, call(&handshake)).await {
        Ok(answer) => answer,
        Err(_) => Err(PluginError::Slow { binary: binary.into(), limit: limits.answer }),
    };
    let said = process.stop().await;
    answer.map_err(|error| match error {
        PluginError::Call { what, reason } if !said.is_empty() => {
            PluginError::Call { what, reason: format!("{reason} ({said})") }
        }
        other => other,
    })
}

async fn call(handshake: &Handshake) -> Result<ProviderSchema, PluginError> {
    let endpoint = Endpoint::from_shared(handshake.address.clone()).map_err(|error| failed(reasons(&error)))?;
    let channel = endpoint.connect().await.map_err(|error| failed(reasons(&error)))?;
    let (diagnostics, schema) = match handshake.protocol {
        Protocol::Five => {
            let request = wire::five::SchemaRequest {};
            let mut answer: wire::five::SchemaResponse = unary(channel, wire::five::SCHEMA, request).await?;
            (std::mem::take(&mut answer.diagnostics), convert::five::provider(answer))
        }
        Protocol::Six => {
            let request = wire::six::SchemaRequest {};
            let mut answer: wire::six::SchemaResponse = unary(channel, wire::six::SCHEMA, request).await?;
            (std::mem::take(&mut answer.diagnostics), convert::six::provider(answer))
        }
    };
    match convert::complaint(&diagnostics) {
        Some(words) => Err(failed(words)),
        None => schema.map_err(failed),
    }
}

async fn unary<Request, Response>(
    channel: Channel,
    path: &'static str,
    request: Request,
) -> Result<Response, PluginError>
where
    Request: prost::Message + 'static,
    Response: prost::Message + Default + 'static,
{
    let mut client = tonic::client::Grpc::new(channel).max_decoding_message_size(LARGEST);
    client.ready().await.map_err(|error| failed(reasons(&error)))?;
    let codec = tonic_prost::ProstCodec::<Request, Response>::default();
    let answer = client.unary(tonic::Request::new(request), PathAndQuery::from_static(path), codec).await;
    Ok(answer.map_err(|status| failed(status.message().to_owned()))?.into_inner())
}

/// An error with its causes: the outermost of a transport says only that it is one.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut reasons = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !reasons.ends_with(&reason) {
            reasons = format!("{reasons}: {reason}");
        }
        cause = error.source();
    }
    reasons
}

fn failed(reason: String) -> PluginError {
    PluginError::Call { what: "its schemas", reason }
}

"""A server of its own for each test and profile, over its standard streams, with the folder of programs.py open."""

import os

import pytest
import pytest_asyncio
import pytest_lsp
from editor import Editor, patient
from lsprotocol import types as lsp
from programs import FILES
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client


def client():
    """pytest-lsp's client, which has no word for what a server asks an editor to do for it later on."""
    client = make_test_lsp_client()
    client.registered = {}

    @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def register(params: lsp.RegistrationParams):
        client.registered.update({one.method: one.register_options for one in params.registrations})

    return client


SERVER = ClientServerConfig(server_command=[os.environ["INFRAC"], "lsp"], client_factory=client)

# What these editors said of themselves, as pytest-lsp recorded it: one that is sent messages and takes snippets; one that asks and
# counts bytes; the oldest that editors/neovim is for, which is sent messages and takes no snippets.
PROFILES = [
    "visual-studio-code@v1.65.2",
    "neovim@v0.11.0",
    "neovim@v0.7.0",
]


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest_lsp.fixture(config=SERVER)
async def silent(lsp_client: LanguageClient):
    """A server that was told nothing yet; the test ends it, or it is ended."""
    yield


def begun(profile, folder):
    """What an editor says first. That it opens the server's pages is what editors/neovim adds, and VS Code says by itself by now."""
    folders = [lsp.WorkspaceFolder(uri=folder.as_uri(), name="programs")]
    able = client_capabilities(profile)
    return lsp.InitializeParams(capabilities=able, workspace_folders=folders, initialization_options={"pages": True})


@pytest_asyncio.fixture(params=PROFILES)
async def editor(silent, folder, request):
    params = begun(request.param, folder)
    said = await patient(silent.initialize_session(params))
    yield Editor(silent, folder, params.capabilities, said)
    await patient(silent.shutdown_session())
    assert silent.error is None and silent._server.returncode == 0

"""3D files in Saleor's own storage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storefront_backend.commerce.catalogue import CatalogAsset, CatalogProduct
from storefront_backend.saleor.catalogue.engine import SaleorCatalog
from storefront_backend.saleor.catalogue.files import ModelFiles
from storefront_backend.saleor.transport import Saleor
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL
from tests.storefront_backend.saleor.test_catalogue import ring

GLB = CatalogAsset("web-glb", "http://shop/a.glb", "model/gltf-binary", key="aa.glb")
USDZ = CatalogAsset("usdz", "http://shop/a.usdz", "model/vnd.usdz+zip", key="bb.usdz")


@pytest.fixture
def fake() -> FakeSaleor:
    return FakeSaleor()


def push(fake: FakeSaleor, *products: CatalogProduct) -> SaleorCatalog:
    """One push by a process of its own."""
    saleor = Saleor(URL, TOKEN, http=fake.client())
    files = ModelFiles(saleor, lambda asset: asset.key.encode())
    engine = SaleorCatalog(saleor, lanes=1, files=files)
    assert not engine.publish(products).failures
    return engine


def kept(fake: FakeSaleor, slug: str) -> dict[str, bytes]:
    """What the FILE attributes of a product hold."""
    return {
        each["attribute"]["slug"]: fake.files[each["value"]["url"]]
        for each in fake.products[slug]["assignedAttributes"]
    }


def test_the_models_are_copied_behind_file_attributes(fake: FakeSaleor) -> None:
    push(fake, ring(assets=(GLB, USDZ)))
    assert kept(fake, "ring") == {"pavilion-web-model": b"aa.glb", "pavilion-ar-model": b"bb.usdz"}


def test_the_same_content_is_uploaded_once(fake: FakeSaleor) -> None:
    push(fake, ring(assets=(GLB,)), ring("other", assets=(GLB,)))
    push(fake, ring(assets=(GLB,)), ring("other", assets=(GLB,)))
    assert fake.requests.count("UploadFile") == 1
    assert fake.requests.count("FillFiles") == 2


def test_a_new_model_replaces_the_old_and_an_old_one_again_is_not_sent(fake: FakeSaleor) -> None:
    push(fake, ring(assets=(GLB,)))
    newer = replace(GLB, key="cc.glb")
    push(fake, ring(assets=(newer,)))
    assert kept(fake, "ring") == {"pavilion-web-model": b"cc.glb"}
    push(fake, ring(assets=(GLB,)))
    assert kept(fake, "ring") == {"pavilion-web-model": b"aa.glb"}
    assert fake.requests.count("UploadFile") == 2


def test_what_saleor_does_not_take_is_skipped_and_said(fake: FakeSaleor) -> None:
    fake.takes_files = {"model/vnd.usdz+zip"}
    engine = push(fake, ring(assets=(GLB, USDZ)), ring("other", assets=(replace(GLB, key="d"),)))
    assert kept(fake, "ring") == {"pavilion-ar-model": b"bb.usdz"}
    (statement,) = engine.statements
    assert statement.startswith("Saleor does not take model/gltf-binary files")
    assert fake.requests.count("UploadFile") == 2


def test_a_file_taken_out_by_hand_is_put_back(fake: FakeSaleor) -> None:
    push(fake, ring(assets=(GLB,)))
    fake.products["ring"]["assignedAttributes"] = []
    push(fake, ring(assets=(GLB,)))
    assert kept(fake, "ring") == {"pavilion-web-model": b"aa.glb"}
    assert fake.requests.count("UploadFile") == 1

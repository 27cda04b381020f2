"""The pictures of the delivered pages, put into the library of images."""

from hashlib import sha1
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

from guide_pages.content import PICTURES

FIELDS = ("picture", "phone_picture")


def with_pictures(value: Any) -> Any:
    """Return ``value`` with each picture's file name replaced by the id of its image, at any depth."""
    if isinstance(value, dict):
        return {
            name: image_of(part, value["alt"]) if name in FIELDS and isinstance(part, str) else with_pictures(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [with_pictures(part) for part in value]
    return value


def image_of(name: str, description: str) -> int:
    """Return the id of the image with the content of this file: the one that is there, or a new one."""
    content = (PICTURES / name).read_bytes()
    # The digest that Wagtail keeps of every image, to find copies; nothing is proved by it.
    same = get_image_model().objects.filter(file_hash=sha1(content, usedforsecurity=False).hexdigest()).first()
    return (same or add_image(name, description)).pk


def add_image(name: str, description: str):
    """Put the file into the library, found there by its name."""
    with (PICTURES / name).open("rb") as file:
        image = get_image_model().objects.create(title=name.removesuffix(".png"), description=description, file=ImageFile(file, name=name))
    # Wagtail computes it when it is first asked for.
    image.get_file_hash()
    return image

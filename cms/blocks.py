from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class BodyBlock(blocks.StreamBlock):
    """What an editor may put on a page; headings start at level 2, since the page's title is level 1."""

    heading = blocks.CharBlock(max_length=120, template="cms/blocks/heading.html")
    paragraph = blocks.RichTextBlock(features=["bold", "h3", "ol", "ul", "link", "document-link"])
    image = ImageChooserBlock(template="cms/blocks/image.html")
    table = blocks.ListBlock(
        blocks.StructBlock([("term", blocks.CharBlock(max_length=80)), ("text", blocks.TextBlock())]),
        template="cms/blocks/facts.html",
    )

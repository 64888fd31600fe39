"""What a card says in words: its base condition, what it leaves open, and its factors."""

from __future__ import annotations

from collections.abc import Mapping

BASE = (
    "A portrait of a child of nine and a half years from the front, in daylight, with the head's own skin; 32 pixels "
    "between the pupils, a face some 65 pixels wide, as the shipped camera over the board has it in the second of five "
    "rows. Kind to the camera: three of five rows have fewer pixels."
)

NOTES = (
    "Every network is given a box, found or not, as we suppose its own detector draws one. fer and facex: the rendered "
    "face's widened, as measured. face-api and human: the bare box, an assumption; ferx: with the forehead, chosen "
    "after its base pictures of these very heads were seen. How a box is drawn can change more than all else here.",
    "The detector is the one that fer and facex use. The others have detectors of their own, which were not tried.",
    "What a neutral face is called and how often two readers agree are given for the base condition and over this grid "
    "of changes. The latter is about this grid: with other levels it is another number.",
    "The landmark reader is given points and no pixels, so light, blur, compression, glasses, a mask and skin reach it "
    "as new noise alone: half a pixel for each point, drawn anew in every picture. It knows where a mouth is that a "
    "mask covers. Both are kind to it.",
    "The renderer gives the same bytes each time, so that “taken again” is the camera moved by half a pixel.",
    "Glasses are rims and temples; no glint is drawn. Skin is a reflectance, and stands for no people.",
    "The seven scores of ferx add to no fixed sum; they are divided by it before distances are taken.",
    "Intervals: 95 %, heads resampled (Bayesian bootstrap with four unseen heads of a quarter's weight each). Each "
    "row's interval stands by itself: of 100 rows in which nothing happens, some two seem to lie beyond their "
    "controls.",
    "What a card can show was computed against one control. A row is held against the largest of three: harder.",
    "A flip is no error and its absence no clearance: a pose is not a feeling, and skin is not this skin.",
)

WHAT: Mapping[str, str] = {
    "mirrored": "left and right of everything changed",
    "box moved": "the face's box 3 % further left, right, up or down",
    "taken again": "the camera moved by half a pixel (the renderer gives the same bytes each time)",
    "yaw": "the camera to the side of the face",
    "pixels": "fewer pixels: a seat further back",
    "light": "another light in the room",
    "blur": "a lens out of focus",
    "JPEG": "compression",
    "glasses": "rims and temples, without glass: no glint is drawn",
    "mask": "cloth from the nose to under the chin",
    "skin": "another reflectance of the skin, all else the head's own",
    "age": "the same head at another age",
}
"""What each control and each factor is."""

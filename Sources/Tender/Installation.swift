package import Confinement
package import Text

/// What whoever installed the tender decided for the names under which it takes another's place.
package enum Installation {
  /// The names of the tender that Brig stands in for; the second is the one that launchers look for first.
  private static var compatibleNames: [Text] { ["solo5-hvt", "solo5-hvt.2"] }

  /// How much of the seal must be there for a program of this name where no option says.
  ///
  /// Installing with `COMPAT_CONFINE=fallback` builds a program for which it is less under the compatible names. It is
  /// decided then, and not by the environment, because in a container that belongs to whoever made the image.
  package static func confinement(_ program: Text) -> Confinement {
    #if COMPAT_FALLBACK
      if compatibleNames.contains(program) { return .fallback }
    #endif
    return .full
  }
}
